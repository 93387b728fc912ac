"""`/auth/realms/<realm>/…`: the addresses that Keycloak has, for browser, command line and bots."""

import base64
import json
from pathlib import Path
from typing import Any, cast

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect, ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.models import User
from studio.accounts.realm import InvalidToken
from studio.accounts.tokens import verify_realm_token
from studio.audit.context import client_address
from studio.common.errors import DomainError
from studio.common.problems import problem_response
from studio.identity import services, tokens
from studio.identity.clients import find_client
from studio.identity.grants import server
from studio.identity.keys import signing_key

SESSION_USER = "user_id"
_ODD_CHARACTERS = "it holds characters that do not belong there"


@require_GET
def realm(request: HttpRequest) -> JsonResponse:
    """The public key without armour, which Rasa's model service reads here."""
    key = signing_key(settings.IDENTITY_DIR / "signing-key.json")
    public = base64.b64encode(key.as_der(private=False)).decode("ascii")
    base = _base(request)
    return JsonResponse(
        {
            "realm": settings.KEYCLOAK_REALM,
            "public_key": public,
            "token-service": f"{base}/protocol/openid-connect",
            "account-service": f"{base}/account",
            "tokens-not-before": 0,
        }
    )


@require_GET
def discovery(request: HttpRequest) -> JsonResponse:
    base = f"{_base(request)}/protocol/openid-connect"
    return JsonResponse(
        {
            "issuer": settings.TOKEN_ISSUER,
            "authorization_endpoint": f"{base}/auth",
            "token_endpoint": f"{base}/token",
            "userinfo_endpoint": f"{base}/userinfo",
            "end_session_endpoint": f"{base}/logout",
            "jwks_uri": f"{base}/certs",
            "grant_types_supported": [
                "authorization_code",
                "client_credentials",
                "password",
                "refresh_token",
            ],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "subject_types_supported": ["public"],
            "scopes_supported": ["openid", "profile", "email"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": [
                "none",
                "client_secret_basic",
                "client_secret_post",
            ],
            "code_challenge_methods_supported": ["S256"],
        }
    )


@require_GET
def certs(request: HttpRequest) -> JsonResponse:
    return JsonResponse(json.loads((settings.IDENTITY_DIR / "jwks.json").read_text("utf-8")))


@csrf_exempt
@require_POST
@never_cache
def token(request: HttpRequest) -> HttpResponse:
    try:
        response: HttpResponse = server.create_token_response(request)
    except ValueError:  # Authlib quotes what was sent, and refuses to quote some characters
        body = {"error": "invalid_request", "error_description": _ODD_CHARACTERS}
        response = JsonResponse(body, status=400)
    if response.status_code >= 400:
        # The command line shows `message` and cannot read Keycloak's own fields.
        body = json.loads(response.content)
        body["message"] = body.get("error_description", body.get("error"))
        response.content = json.dumps(body).encode()
    return response


@require_GET
@never_cache
@ensure_csrf_cookie
def authorize(request: HttpRequest) -> HttpResponseBase:
    """The browser's way in: back with a code if it has a session, else the sign-in page."""
    try:
        grant = _consent_grant(request)
    except OAuth2Error as error:
        return _wrong_link(error)
    user = _session_user(request)
    prompt = request.GET.get("prompt", "")
    if user is not None and prompt != "login":
        return _back_with_code(request, grant, user)
    if prompt == "none":
        answer = [("error", "login_required"), ("state", request.GET.get("state", ""))]
        return HttpResponseRedirect(add_params_to_uri(request.GET["redirect_uri"], answer))
    return _sign_in_page()


@csrf_protect
@require_http_methods(["GET", "POST"])
@never_cache
def authenticate(request: HttpRequest) -> HttpResponseBase:
    """What the sign-in page asks (GET) and sends (POST, JSON with `username`, `password` and,
    in place of a temporary one, `new_password`)."""
    if request.method == "GET":
        user = _session_user(request)
        session = {"name": str(user)} if user else None
        return JsonResponse({"session": session, "providers": [], "local": True})
    try:
        credentials = json.loads(request.body)
        user = services.authenticate(
            username=str(credentials["username"]),
            password=str(credentials["password"]),
            new_password=str(credentials.get("new_password", "")),
            address=client_address(request),
        )
        grant = _consent_grant(request)
    except DomainError as error:
        return problem_response(error.status, error.code, error.detail, **error.extras)
    except (ValueError, KeyError, TypeError):
        return problem_response(400, "invalid", "Send user name and password as JSON.")
    except OAuth2Error as error:
        return _wrong_link(error)
    request.session.cycle_key()
    request.session[SESSION_USER] = str(user.pk)
    if not credentials.get("remember", True):
        request.session.set_expiry(0)  # until the browser is closed
    request.session.save()
    return JsonResponse({"redirect_to": _back_with_code(request, grant, user)["Location"]})


@require_GET
@never_cache
def userinfo(request: HttpRequest) -> HttpResponse:
    """Also says no to a token that has not run out but whose session is over, as Keycloak does."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    token = value if scheme.lower() == "bearer" else ""
    try:
        user = verify_realm_token(token)
        services.require_open_sign_in(tokens.read(token, "Bearer") or {})
    except InvalidToken as error:
        response = problem_response(401, "not_authenticated", str(error))
        response["WWW-Authenticate"] = "Bearer"
        return response
    return JsonResponse(
        {
            "sub": str(user.pk),
            "name": str(user),
            "preferred_username": user.username,
            "email": user.email,
            "groups": user.roles,
        }
    )


@csrf_exempt
@require_http_methods(["GET", "POST"])
@never_cache
def logout(request: HttpRequest) -> HttpResponse:
    """Ends the session that the ID token (browser) or the refresh token (Keycloak's way) names."""
    data = {**request.GET.dict(), **request.POST.dict()}
    claims = tokens.read(data.get("id_token_hint", ""), "ID") or tokens.read(
        data.get("refresh_token", ""), "Refresh"
    )
    if claims is None:
        return problem_response(400, "invalid", "Send id_token_hint or refresh_token.")
    own_browser = str(_session_user_id(request)) == claims["sub"]
    services.sign_out(
        sign_in_id=claims.get("sid"),
        browser_session=request.session.session_key if own_browser else None,
    )
    if own_browser:
        request.session.flush()
    target = data.get("post_logout_redirect_uri", "")
    client = find_client(str(claims.get("azp")))
    if target and client is not None and client.check_redirect_uri(target):
        return HttpResponseRedirect(target)
    return HttpResponse(status=204)


def _consent_grant(request: HttpRequest) -> Any:
    """
    :raises OAuth2Error: the link names another client or address, or is no proper request
    """
    try:
        return server.get_consent_grant(request)
    except ValueError as error:
        raise InvalidRequestError(_ODD_CHARACTERS) from error


def _wrong_link(error: OAuth2Error) -> HttpResponse:
    text = str(error).rstrip(".")
    return problem_response(
        400,
        "invalid",
        f"This sign-in link is not right: {text}. Studio is at {settings.PUBLIC_URL}; whoever runs "
        "it can set another address by WEB_CLIENT_URL.",
    )


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri(f"/auth/realms/{settings.KEYCLOAK_REALM}")


def _session_user_id(request: HttpRequest) -> str | None:
    return cast("str | None", request.session.get(SESSION_USER))


def _session_user(request: HttpRequest) -> User | None:
    user_id = _session_user_id(request)
    return User.objects.filter(pk=user_id, is_active=True).first() if user_id else None


def _back_with_code(request: HttpRequest, grant: Any, user: User) -> HttpResponse:
    response: HttpResponse = server.create_authorization_response(
        request, grant=grant, grant_user=user
    )
    return response


def _sign_in_page() -> HttpResponse:
    page = Path(settings.WEB_CLIENT_DIR) / "sign-in.html"
    if not page.is_file():
        raise Http404("The web client is not built: run `make build`.")
    return HttpResponse(page.read_bytes(), content_type="text/html; charset=utf-8")
