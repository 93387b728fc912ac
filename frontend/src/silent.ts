import { UserManager } from "oidc-client-ts";

// This page is where the identity provider returns to in a hidden frame or a small window.
// It only hands its own address to the page that opened it, which knows the rest.
const courier = new UserManager({
  authority: "unused",
  client_id: "unused",
  redirect_uri: "unused",
});
if (window.opener) void courier.signinPopupCallback();
else void courier.signinSilentCallback();
