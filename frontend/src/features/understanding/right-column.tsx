import side from "./right-column.module.css";
import { TrySentence } from "./try-sentence";
import { UnfittedList } from "./unfitted-list";

/** Beside what is taught: a sentence to try, and what users said in vain. */
export function RightColumn({ intent }: { intent: string | undefined }) {
  return (
    <div className={side["side"]}>
      <TrySentence intent={intent} />
      <UnfittedList intent={intent} />
    </div>
  );
}
