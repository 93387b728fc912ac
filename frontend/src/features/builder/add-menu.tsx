import { Combobox, useCombobox } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { ViewportPortal } from "@xyflow/react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCanvas, useCanvasStore } from "@/components/flow-canvas/canvas-state";
import { StepTile } from "@/components/steps/step-tile";
import type { Edge, FlowGraph } from "@/flow-core/graph";
import { announce } from "@/lib/announce";
import classes from "./add-menu.module.css";
import { ADDABLE, type Addable, addAt, canAdd } from "./add-step";
import { useBuilder, useDocument } from "./builder-context";
import { focusFirstField } from "./focus";

/** The + on the line under the pointer, below the selected card and where its branch begins. */
export function AddButtons({ graph }: { graph: FlowGraph }) {
  const hovered = useCanvas((state) => state.hoveredEdge);
  const adding = useCanvas((state) => state.addingAt);
  const card = useCanvas((state) => state.hoveredCard ?? state.selected);
  const shown = graph.edges.filter(
    (edge) =>
      edge.place !== null &&
      (edge.id === hovered ||
        edge.id === adding ||
        (edge.branch === undefined ? edge.from : edge.to) === card),
  );
  return (
    <ViewportPortal>
      {shown.map((edge) => (
        <AddButton key={edge.id} edge={edge} />
      ))}
    </ViewportPortal>
  );
}

function AddButton({ edge }: { edge: Edge }) {
  const { t } = useTranslation("canvas");
  const store = useCanvasStore();
  const open = useCanvas((state) => state.addingAt === edge.id);
  const close = () => store.setState({ addingAt: null, hoveredEdge: null });
  const combobox = useCombobox({ opened: open, onDropdownClose: close });
  return (
    <div
      className={`nopan nodrag ${classes["place"]}`}
      style={{
        transform: `translate(-50%, -50%) translate(${edge.middle.x}px, ${edge.middle.y}px)`,
      }}
    >
      <Combobox
        store={combobox}
        width={250}
        position="bottom-start"
        shadow="md"
        onOptionSubmit={() => undefined}
      >
        <Combobox.Target targetType="button">
          <button
            type="button"
            className={classes["plus"]}
            aria-label={t("add")}
            onPointerEnter={() => store.setState({ hoveredEdge: edge.id })}
            onPointerLeave={() => store.setState({ hoveredEdge: null })}
            onClick={() => store.setState({ addingAt: open ? null : edge.id })}
          >
            <IconPlus size={14} stroke={2.5} />
          </button>
        </Combobox.Target>
        <Combobox.Dropdown className={classes["menu"]}>
          {open ? <KindList edge={edge} onDone={close} /> : null}
        </Combobox.Dropdown>
      </Combobox>
    </div>
  );
}

/** The kinds of steps with a search field: "mes", Enter. */
function KindList({ edge, onDone }: { edge: Edge; onDone: () => void }) {
  const { t } = useTranslation(["builder", "canvas"]);
  const { edit, select } = useBuilder();
  const document = useDocument();
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const { place } = edge;
  if (!place) return null;
  const kinds = ADDABLE.filter((kind) =>
    t(`canvas:kinds.${kind}`).toLowerCase().includes(search.trim().toLowerCase()),
  );
  const allowed = (kind: Addable) => canAdd(document, place, kind);
  const choose = (kind: Addable | undefined) => {
    if (!kind || !allowed(kind)) return;
    const added = addAt(document, place, kind);
    edit(() => added.document);
    select(added.selection);
    announce(t("added", { kind: t(`canvas:kinds.${kind}`) }));
    onDone();
    focusFirstField();
  };
  return (
    <>
      <input
        className={classes["search"]}
        // biome-ignore lint/a11y/noAutofocus: the menu was just opened to type into it
        autoFocus
        aria-label={t("findKind")}
        placeholder={t("findKind")}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") onDone();
          else if (event.key === "Enter") choose(kinds[active]);
          else if (event.key === "ArrowDown") setActive(Math.min(active + 1, kinds.length - 1));
          else if (event.key === "ArrowUp") setActive(Math.max(active - 1, 0));
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <ul className={classes["kinds"]}>
        {kinds.map((kind, index) => (
          <li key={kind}>
            <button
              type="button"
              className={classes["kind"]}
              data-active={index === active}
              aria-disabled={!allowed(kind)}
              title={allowed(kind) ? undefined : t("onlyAtEnd")}
              onPointerEnter={() => setActive(index)}
              onClick={() => choose(kind)}
            >
              <StepTile kind={kind} size={24} />
              <span>
                <b>{t(`canvas:kinds.${kind}`)}</b>
                <small>{t(`kindHints.${kind}`)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
