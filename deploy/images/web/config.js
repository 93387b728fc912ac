window.API_ENDPOINT = "/api";
window.KEYCLOAK_URL = "/auth";
window.KEYCLOAK_REALM = "rasa-studio";
window.KEYCLOAK_CLIENT_ID = "rasa-studio-backend";
