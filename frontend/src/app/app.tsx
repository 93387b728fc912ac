import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useCallback, useEffect } from "react";
import { ApiError } from "@/api/errors";
import { queryClient } from "@/api/query-client";
import { startSession, useSession } from "@/api/session";
import { ErrorState } from "@/components/feedback/state-views";
import { config } from "@/lib/config";
import { ThemeProvider } from "@/theme/theme-provider";
import { router } from "./router";

export function App() {
  return (
    <ThemeProvider>
      <QueryClientProvider client={queryClient}>
        <SignedIn />
      </QueryClientProvider>
    </ThemeProvider>
  );
}

/** Nothing is asked of the server before someone is signed in; later the page stays when the session ends. */
function SignedIn() {
  const { status, userId } = useSession();
  useEffect(() => {
    void startSession();
  }, []);
  const onRetry = useCallback(() => void startSession(), []);
  if (status === "unreachable") {
    const error = new ApiError(0, { code: "offline" }, `GET ${new URL(config.authority).pathname}`);
    return <ErrorState error={error} onRetry={onRetry} />;
  }
  return userId ? <RouterProvider router={router} /> : null;
}
