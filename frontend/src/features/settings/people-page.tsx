import { Button, Pagination } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconExternalLink, IconPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Directory, directoryQuery, PEOPLE_PER_PAGE, peopleQuery } from "@/api/people";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches, StateView } from "@/components/feedback/state-views";
import { Page } from "@/components/layout/page-frame";
import { FilterBar, useSearchChange } from "@/components/table/filter-bar";
import { SearchField } from "@/components/table/search-field";
import { AccountDialog } from "./account-dialog";
import { PeopleTable } from "./people-table";
import classes from "./settings.module.css";
import { SettingsPage } from "./settings-page";

interface PeopleSearch {
  page?: number | undefined;
}

const route = getRouteApi("/home/settings/people");
const SEARCH_MS = 200;

export function PeoplePage() {
  const { t } = useTranslation("settings");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const directory = useQuery(directoryQuery);
  const [adding, setAdding] = useState(false);
  return (
    <SettingsPage name="people">
      <Page
        title={t("people.title")}
        sentence={t("people.sentence")}
        actions={<MainAction directory={directory.data} onAdd={() => setAdding(true)} />}
      >
        <FilterBar>
          <SearchField
            label={t("people.search")}
            group={t("people.title")}
            width={240}
            value={search.search}
            onChange={(value) => set({ search: value, page: undefined })}
          />
        </FilterBar>
        {directory.error ? (
          <ErrorState error={directory.error} onRetry={() => void directory.refetch()} />
        ) : directory.data ? (
          <PeopleList directory={directory.data} />
        ) : (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        )}
      </Page>
      {adding && directory.data ? (
        <AccountDialog roles={directory.data.roles} onClose={() => setAdding(false)} />
      ) : null}
    </SettingsPage>
  );
}

function PeopleList({ directory }: { directory: Directory }) {
  const { t } = useTranslation("settings");
  const { search, page = 1 } = route.useSearch();
  const set = useSearchChange<PeopleSearch>();
  const [words] = useDebouncedValue(search, SEARCH_MS);
  const people = useQuery(peopleQuery(words, page));
  if (people.error)
    return <ErrorState error={people.error} onRetry={() => void people.refetch()} />;
  if (!people.data)
    return (
      <AfterPause>
        <ListSkeleton />
      </AfterPause>
    );
  const { count = 0, results } = people.data;
  if (results.length === 0)
    return words ? (
      <NothingMatches title={t("people.nothing")} />
    ) : (
      <StateView
        drawing={<IconUsers size={28} stroke={1.75} />}
        title={t("people.empty.title")}
        sentence={t("people.empty.sentence")}
      />
    );
  const pages = Math.ceil(count / PEOPLE_PER_PAGE);
  return (
    <>
      <PeopleTable people={results} directory={directory} />
      <div className={classes["foot"]}>
        <span role="status">{t("people.count", { count })}</span>
        {pages > 1 ? (
          <Pagination
            aria-label={t("people.page")}
            total={pages}
            value={page}
            onChange={(chosen) => set({ page: chosen > 1 ? chosen : undefined })}
          />
        ) : null}
      </div>
    </>
  );
}

interface MainActionProps {
  directory: Directory | undefined;
  onAdd: () => void;
}

/** People are added here, or on Keycloak's page. */
function MainAction({ directory, onAdd }: MainActionProps) {
  const { t } = useTranslation("settings");
  return directory?.provider === "keycloak" ? (
    <Button
      component="a"
      href={directory.console_url}
      target="_blank"
      rel="noreferrer"
      variant="default"
      leftSection={<IconExternalLink size={18} stroke={1.75} />}
    >
      {t("people.console")}
    </Button>
  ) : (
    <Button
      leftSection={<IconPlus size={18} stroke={1.75} />}
      disabled={!directory}
      onClick={onAdd}
    >
      {t("people.add")}
    </Button>
  );
}
