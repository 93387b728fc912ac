import { IconChevronRight } from "@tabler/icons-react";
import { Link, type LinkProps, useMatches } from "@tanstack/react-router";
import { createContext, Fragment, type ReactNode, use, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { forgetEdits } from "@/lib/undo";
import classes from "./page-frame.module.css";

/** What the app puts around every page of an assistant: at the right end of its top bar (Try it, Train),
 * and the panels that may be open beside it. */
export const AroundPage = createContext<{
  tryIt: ReactNode;
  train: ReactNode;
  side: ReactNode;
} | null>(null);

export interface Crumb {
  label: string;
  link?: LinkProps;
}

interface PageFrameProps {
  /** Where am I: all but the last are links. */
  crumbs: readonly Crumb[];
  /** Right of the crumbs: saved state, a version badge. */
  status?: ReactNode;
  /** Left of Try it and Train. */
  actions?: ReactNode;
  /** The page is the chat or has it at hand already. */
  withoutTryIt?: boolean;
  children: ReactNode;
}

/** Top bar and body of a page inside an assistant. The body fills the rest and scrolls by itself. */
export function PageFrame({ crumbs, status, actions, withoutTryIt, children }: PageFrameProps) {
  const { t } = useTranslation();
  const around = use(AroundPage);
  const title = crumbs.at(-1)?.label ?? "";
  const columns = useMatches({ select: (all) => all.some((match) => match.staticData.columns) });
  const Here = columns ? "h1" : "b";
  useEffect(() => forgetEdits, []);
  useEffect(() => {
    document.title = title ? `${title} - Studio` : "Studio";
  }, [title]);
  return (
    <div className={classes["frame"]}>
      <header className={classes["top"]}>
        <nav className={classes["crumbs"]} aria-label={t("breadcrumb")}>
          {crumbs.map((crumb, index) => (
            <Fragment key={crumb.label}>
              {index > 0 ? <IconChevronRight size={14} stroke={1.75} aria-hidden="true" /> : null}
              {crumb.link ? (
                <Link
                  {...crumb.link}
                  // The place above is not where one is, though its address begins alike.
                  activeOptions={{ exact: true }}
                  className={classes["crumb"]}
                >
                  {crumb.label}
                </Link>
              ) : (
                <Here className={classes["here"]} aria-current="page">
                  {crumb.label}
                </Here>
              )}
            </Fragment>
          ))}
        </nav>
        {status}
        <div className={classes["grow"]} />
        <div className={classes["tools"]}>
          {actions}
          {around && !withoutTryIt ? around.tryIt : null}
          {around && actions ? <TopBarDivider /> : null}
          {around?.train}
        </div>
      </header>
      <div className={classes["work"]}>
        <div className={classes["body"]}>{children}</div>
        {around?.side}
      </div>
    </div>
  );
}

export function TopBarDivider() {
  return <span className={classes["divider"]} aria-hidden="true" />;
}

interface PageProps {
  title: string;
  sentence?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** An ordinary scrolling page: title, one sentence, its main actions, then the content. */
export function Page({ title, sentence, actions, children }: PageProps) {
  return (
    <main className={classes["page"]} id="main" tabIndex={-1}>
      <div className={classes["head"]}>
        <div className={classes["grow"]}>
          <h1>{title}</h1>
          {sentence ? <p className={classes["sentence"]}>{sentence}</p> : null}
        </div>
        {actions}
      </div>
      {children}
    </main>
  );
}
