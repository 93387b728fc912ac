import { useAnnouncement } from "@/lib/announce";

/** Where screen readers hear what changed. Mounted once; `announce()` fills it. */
export function LiveRegion() {
  const { text, urgent, count } = useAnnouncement();
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite">
        {urgent ? "" : <span key={count}>{text}</span>}
      </div>
      <div className="visually-hidden" role="alert" aria-live="assertive">
        {urgent ? <span key={count}>{text}</span> : ""}
      </div>
    </>
  );
}
