{{/* What each part hands to the helpers: as YAML, so that several manifests share it. */}}

{{- define "studio.part.backend" -}}
part: backend
component: backend
port: 4000
command: [python, -m, studio]
probes: |
  # Alive is another thing than ready: a database that is away is no reason to start anew.
  startupProbe: {httpGet: {path: /api/health/live, port: http}, periodSeconds: 1, failureThreshold: 120}
  livenessProbe: {httpGet: {path: /api/health/live, port: http}, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6}
  readinessProbe: {httpGet: {path: /api/health/ready, port: http}, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2}
mounts: {{ include "studio.dataMount" . | quote }}
volumes: {{ include "studio.dataVolume" . | quote }}
{{- end }}

{{- define "studio.part.event-ingestion" -}}
part: event-ingestion
component: event-ingestion
port: 9100
command: [python, manage.py, ingest]
probes: |
  startupProbe: {httpGet: {path: /live, port: http}, periodSeconds: 1, failureThreshold: 120}
  livenessProbe: {httpGet: {path: /live, port: http}, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6}
  readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 10, timeoutSeconds: 5}
mounts: {{ include "studio.dataMount" . | quote }}
volumes: {{ include "studio.dataVolume" . | quote }}
{{- end }}

{{- define "studio.part.web-client" -}}
part: web-client
component: web-client
port: 8080
probes: |
  startupProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1, failureThreshold: 60}
  livenessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6}
  readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 5, timeoutSeconds: 3}
mounts: |
  - {name: settings, mountPath: /usr/share/nginx/html/config.js, subPath: config.js, readOnly: true}
  - {name: settings, mountPath: /etc/nginx/settings/origins.conf, subPath: origins.conf, readOnly: true}
volumes: |
  - {name: settings, configMap: {name: {{ .Release.Name }}-web-client}}
# A file that is mounted alone does not follow its source: another one needs another pod.
settings: {{ include "studio.webClientSettings" . | sha256sum }}
{{- end }}

{{/* What the client is told, and the policy that its pages are served with. */}}
{{- define "studio.webClientSettings" -}}
{{- $keycloak := .Values.config.keycloak -}}
{{- $identity := include "studio.publicIdentityUrl" . -}}
{{- $isOutside := eq (include "studio.identity" .) "outside" -}}
{{- $images := join " " .Values.backend.imageSources -}}
config.js: |
  window.API_ENDPOINT = "/api";
  window.KEYCLOAK_URL = {{ ternary $identity "/auth" $isOutside | toJson }};
  window.KEYCLOAK_REALM = {{ $keycloak.realm | toJson }};
  window.KEYCLOAK_CLIENT_ID = {{ $keycloak.clientId | toJson }};
  window.CURRENT_VERSION_NUMBER = {{ .Values.tag | default .Chart.AppVersion | toJson }};
  window.IMAGE_SOURCES = {{ $images | toJson }};
origins.conf: |
  map $host $studio_identity { default {{ ternary (regexFind "^https?://[^/]+" $identity) "" $isOutside | quote }}; }
  map $host $studio_images { default {{ $images | quote }}; }
{{- end }}

{{- define "studio.part.keycloak" -}}
part: keycloak
component: keycloak
port: 8080
# The realm's document needs the database, being alive does not.
probes: |
  startupProbe: {httpGet: {path: /auth/realms/master, port: http}, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 150}
  livenessProbe: {tcpSocket: {port: http}, periodSeconds: 10, failureThreshold: 6}
  readinessProbe: {httpGet: {path: /auth/realms/master, port: http}, periodSeconds: 10, timeoutSeconds: 5}
mounts: "- {name: data, mountPath: /opt/keycloak/data}"
volumes: "- {name: data, emptyDir: {}}"
{{- end }}

{{- define "studio.part.model-service" -}}
part: model-service
component: model-service
port: 8000
probes: |
  startupProbe: {httpGet: {path: /, port: http}, periodSeconds: 1, failureThreshold: 120}
  livenessProbe: {httpGet: {path: /, port: http}, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6}
  readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 5, timeoutSeconds: 3}
mounts: |
  - {name: working-data, mountPath: /app/working-data}
  {{ include "studio.eventsMount" . }}
volumes: {{ include "studio.eventsVolume" . | quote }}
{{- end }}

