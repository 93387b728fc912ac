import { Outlet } from "@tanstack/react-router";
import { useLiveUpdates } from "@/api/live";
import { Shell } from "./shell";

/** The pages that belong to no single assistant. */
export function HomeLayout() {
  useLiveUpdates("*");
  return (
    <Shell assistant={null}>
      <Outlet />
    </Shell>
  );
}
