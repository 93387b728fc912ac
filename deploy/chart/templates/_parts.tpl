{{/* What each part hands to the helpers: as YAML, so that several manifests share it. */}}

{{- define "studio.part.backend" -}}
part: backend
component: backend
port: 4000
command: [python, -m, studio]
probes: |
  # The server answers by known names alone.
  startupProbe:
    httpGet: &health
      path: /api/health
      port: http
      httpHeaders: [{name: Host, value: {{ .Values.config.ingressHost | quote }}}]
    periodSeconds: 1
    failureThreshold: 120
  livenessProbe: {httpGet: *health, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6}
  readinessProbe: {httpGet: *health, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2}
mounts: {{ include "studio.dataMount" . | quote }}
volumes: {{ include "studio.dataVolume" . | quote }}
{{- end }}

{{- define "studio.part.event-ingestion" -}}
part: event-ingestion
component: event-ingestion
port: 9100
command: [python, manage.py, ingest]
# While the database or Kafka is away /health says 503: not ready, and no reason to start anew.
probes: |
  startupProbe: {tcpSocket: {port: http}, periodSeconds: 1, failureThreshold: 120}
  livenessProbe: {tcpSocket: {port: http}, periodSeconds: 10, failureThreshold: 6}
  readinessProbe: {httpGet: {path: /health, port: http}, periodSeconds: 10, timeoutSeconds: 5}
mounts: {{ include "studio.dataMount" . | quote }}
volumes: {{ include "studio.dataVolume" . | quote }}
{{- end }}

{{- define "studio.part.web-client" -}}
part: web-client
component: web-client
port: 8080
probes: |
  startupProbe: {httpGet: {path: /, port: http}, periodSeconds: 1, failureThreshold: 60}
  livenessProbe: {tcpSocket: {port: http}, periodSeconds: 10, failureThreshold: 6}
  readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 5, timeoutSeconds: 3}
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
# Not /ready: storage that is away would cut the chats of assistants that run.
probes: |
  startupProbe: {httpGet: {path: /, port: http}, periodSeconds: 1, failureThreshold: 120}
  livenessProbe: {httpGet: {path: /, port: http}, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6}
  readinessProbe: {httpGet: {path: /talk/health, port: http}, periodSeconds: 5, timeoutSeconds: 3}
mounts: "- {name: working-data, mountPath: /app/working-data}"
{{- end }}

