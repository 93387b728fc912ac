{{/*
Variables of each part, as a map of NAME: {value: …} or NAME: {secret: {name: …, key: …}}.
An empty value leaves the variable to the program's default.
*/}}

{{/* A reference to a key of a secret; one that is needed and names none is told by its value. */}}
{{- define "studio.secret" -}}
{{- $name := .reference.secretName | default .root.Values.config.existingSecret -}}
{{- if not $name }}{{ fail (printf "%s names no secret: set %s.secretName, or config.existingSecret." .value .value) }}{{ end -}}
{{- if not .reference.secretKey }}{{ fail (printf "%s names no key of the secret %s: set %s.secretKey." .value $name .value) }}{{ end -}}
{secret: {name: {{ $name | quote }}, key: {{ .reference.secretKey | quote }}}}
{{- end }}

{{/* A text, a reference, or nothing. */}}
{{- define "studio.textOrSecret" -}}
{{- $given := .reference -}}
{{- if kindIs "string" $given -}}
{value: {{ $given | quote }}}
{{- else if hasKey $given "value" -}}
{value: {{ $given.value | quote }}}
{{- else if $given -}}
{{ include "studio.secret" . }}
{{- else -}}
{value: ""}
{{- end -}}
{{- end }}

{{- define "studio.variables.logging" }}
LOG_LEVEL: {value: {{ .Values.config.logLevel }}}
LOG_FORMAT: {value: {{ .Values.config.logFormat }}}
{{- end }}

{{- define "studio.variables.database" }}
{{- $database := .Values.config.database }}
DB_HOST: {value: {{ $database.host | quote }}}
DB_PORT: {value: {{ int64 $database.port | quote }}}
DB_NAME: {{ include "studio.textOrSecret" (dict "root" . "reference" $database.backendDatabaseName "value" "config.database.backendDatabaseName") }}
DB_QUERY: {value: {{ $database.queryParams | quote }}}
DB_SSL: {value: {{ $database.preferSSL | quote }}}
DB_REJECT_UNAUTHORIZED: {value: {{ $database.rejectUnauthorized | quote }}}
{{- if $database.useAwsIamAuth }}
USE_AWS_IAM_AUTH: {value: "true"}
AWS_REGION: {value: {{ $database.awsRegion | quote }}}
IAM_DB_USER: {value: {{ $database.iamDbUsername | quote }}}
{{- else }}
DB_USER: {{ include "studio.textOrSecret" (dict "root" . "reference" $database.username "value" "config.database.username") }}
DB_PASS: {{ include "studio.secret" (dict "root" . "reference" $database.password "value" "config.database.password") }}
{{- end }}
{{- end }}

{{/* What every process of the backend's image needs. */}}
{{- define "studio.variables.django" }}
{{- include "studio.variables.logging" . }}
{{- include "studio.variables.database" . }}
STUDIO_DATA_DIR: {value: /app/data}
STUDIO_SECRET_KEY: {{ include "studio.secret" (dict "root" . "reference" .Values.config.secretKey "value" "config.secretKey") }}
{{- end }}

{{- define "studio.variables.migration" }}
{{- include "studio.variables.django" . }}
{{- end }}

{{- define "studio.variables.storage" }}
{{- $storage := .Values.config.storage }}
{{- if $storage.provider }}
RASA_REMOTE_STORAGE: {value: {{ $storage.provider }}}
{{- if eq $storage.provider "azure" }}
AZURE_CONTAINER: {value: {{ $storage.bucket | quote }}}
AZURE_ACCOUNT_NAME: {value: {{ $storage.accountName | quote }}}
AZURE_ACCOUNT_KEY: {{ include "studio.secret" (dict "root" . "reference" $storage.accountKey "value" "config.storage.accountKey") }}
AZURE_ENDPOINT_URL: {value: {{ $storage.endpointUrl | quote }}}
{{- else }}
BUCKET_NAME: {value: {{ $storage.bucket | quote }}}
{{- end }}
{{- if eq $storage.provider "aws" }}
AWS_ENDPOINT_URL: {value: {{ $storage.endpointUrl | quote }}}
{{- with $storage.region }}
AWS_DEFAULT_REGION: {value: {{ . | quote }}}
{{- end }}
AWS_ACCESS_KEY_ID: {{ include "studio.textOrSecret" (dict "root" . "reference" $storage.accessKeyId "value" "config.storage.accessKeyId") }}
AWS_SECRET_ACCESS_KEY: {{ include "studio.textOrSecret" (dict "root" . "reference" $storage.secretAccessKey "value" "config.storage.secretAccessKey") }}
{{- end }}
{{- end }}
{{- end }}

{{- define "studio.variables.realm" }}
KEYCLOAK_REALM: {value: {{ .Values.config.keycloak.realm | quote }}}
KEYCLOAK_ISSUER: {value: "{{ include "studio.publicIdentityUrl" . }}/realms/{{ .Values.config.keycloak.realm }}"}
{{- end }}

{{- define "studio.variables.backend" }}
{{- $config := .Values.config }}
{{- include "studio.variables.django" . }}
{{- include "studio.variables.storage" . }}
{{- include "studio.variables.realm" . }}
STUDIO_HOST: {value: 0.0.0.0}
STUDIO_METRICS_HOST: {value: 0.0.0.0}
STUDIO_METRICS_PORT: {value: "9101"}
STUDIO_PORT: {value: "4000"}
WEB_CLIENT_URL: {value: {{ include "studio.publicUrl" . }}}
ALLOWED_HOSTS: {value: {{ join "," (concat (list $config.ingressHost (include "studio.hosts" (dict "root" . "component" "backend"))) $config.allowedHosts) | quote }}}
STUDIO_TRUSTED_PROXIES: {value: {{ int64 $config.trustedProxies | quote }}}
REDIS_URL: {{ include "studio.textOrSecret" (dict "root" . "reference" $config.redis "value" "config.redis") }}
MS_API_URL: {value: http://rasapro}
MODEL_SERVICE_SECRET: {{ include "studio.secret" (dict "root" . "reference" $config.modelServiceSecret "value" "config.modelServiceSecret") }}
{{- if gt (int64 .Values.backend.deleteConversationsOlderThanHours) 0 }}
DELETE_CONVERSATIONS_OLDER_THAN_HOURS: {value: {{ int64 .Values.backend.deleteConversationsOlderThanHours | quote }}}
DELETE_CONVERSATIONS_CRON_EXPRESSION: {value: {{ .Values.backend.deleteConversationsCronExpression | quote }}}
{{- end }}
STUDIO_GIT_HOSTS: {value: {{ join "," .Values.backend.gitHosts | quote }}}
STUDIO_IMAGE_SOURCES: {value: {{ join "," .Values.backend.imageSources | quote }}}
STUDIO_RATE_LIMIT: {value: {{ int64 .Values.backend.rateLimit | quote }}}
STUDIO_RATE_LIMIT_OF_ADDRESS: {value: {{ int64 .Values.backend.rateLimitOfAddress | quote }}}
STUDIO_IDENTITY: {value: {{ $config.identity }}}
KEYCLOAK_CLIENT_ID: {value: {{ $config.keycloak.clientId | quote }}}
KEYCLOAK_EXTERNAL_CLIENT_ID: {value: {{ $config.keycloak.externalClientId | quote }}}
{{- if eq $config.identity "keycloak" }}
KEYCLOAK_URL: {value: {{ include "studio.identityUrl" . | quote }}}
KEYCLOAK_API_CLIENT_ID: {value: {{ $config.keycloak.apiClientId | quote }}}
KEYCLOAK_API_USERNAME: {value: {{ $config.keycloak.apiUsername | quote }}}
KEYCLOAK_API_PASSWORD: {{ include "studio.secret" (dict "root" . "reference" $config.keycloak.apiPassword "value" "config.keycloak.apiPassword") }}
{{- end }}
{{- if $config.kafka.brokerAddress }}
KAFKA_BROKER_ADDRESS: {value: {{ $config.kafka.brokerAddress | quote }}}
KAFKA_TOPIC: {value: {{ $config.kafka.topic | quote }}}
{{- end }}
{{- end }}

{{/* Keycloak's administrator is known to this Job alone. */}}
{{- define "studio.variables.keycloak-setup" }}
{{- $keycloak := .Values.config.keycloak }}
{{- include "studio.variables.backend" . }}
KEYCLOAK_ADMIN_USERNAME: {value: {{ $keycloak.adminUsername | quote }}}
KEYCLOAK_ADMIN_PASSWORD: {{ include "studio.secret" (dict "root" . "reference" $keycloak.adminPassword "value" "config.keycloak.adminPassword") }}
KEYCLOAK_DEFAULT_USER_CREATION: {value: {{ $keycloak.defaultUserCreation | quote }}}
KEYCLOAK_DEFAULT_USER_PASSWORD: {{ include "studio.textOrSecret" (dict "root" . "reference" $keycloak.defaultUserPassword "value" "config.keycloak.defaultUserPassword") }}
{{- end }}

{{- define "studio.variables.event-ingestion" }}
{{- $kafka := .Values.config.kafka }}
{{- include "studio.variables.django" . }}
INGEST_HTTP_HOST: {value: 0.0.0.0}
INGEST_HTTP_PORT: {value: "9100"}
KAFKA_BROKER_ADDRESS: {value: {{ $kafka.brokerAddress | quote }}}
KAFKA_TOPIC: {value: {{ $kafka.topic | quote }}}
KAFKA_DLQ_TOPIC: {value: {{ $kafka.dlqTopic | quote }}}
KAFKA_GROUP_ID: {value: {{ $kafka.groupId | quote }}}
KAFKA_CLIENT_ID: {value: {{ $kafka.clientId | quote }}}
{{- if $kafka.saslMechanism }}
KAFKA_SASL_MECHANISM: {value: {{ $kafka.saslMechanism }}}
KAFKA_SASL_USERNAME: {value: {{ $kafka.saslUsername | quote }}}
KAFKA_SASL_PASSWORD: {{ include "studio.secret" (dict "root" . "reference" $kafka.saslPassword "value" "config.kafka.saslPassword") }}
{{- end }}
KAFKA_ENABLE_SSL: {value: {{ $kafka.enableSsl | quote }}}
KAFKA_REJECT_UNAUTHORIZED: {value: {{ $kafka.rejectUnauthorized | quote }}}
KAFKA_CA_FILE: {value: {{ $kafka.caFile | quote }}}
KAFKA_CERT_FILE: {value: {{ $kafka.certFile | quote }}}
KAFKA_KEY_FILE: {value: {{ $kafka.keyFile | quote }}}
{{- end }}

{{- define "studio.variables.model-service" }}
{{- $config := .Values.config }}
{{- $rasa := .Values.rasa }}
{{- include "studio.variables.logging" . }}
{{- include "studio.variables.storage" . }}
{{- include "studio.variables.realm" . }}
RASA_MODEL_SERVER_HOST: {value: 0.0.0.0}
MODEL_SERVICE_METRICS_HOST: {value: 0.0.0.0}
MODEL_SERVICE_METRICS_PORT: {value: "9102"}
RASA_MODEL_SERVER_PORT: {value: "8000"}
RASA_MODEL_SERVER_BASE_DIRECTORY: {value: /app/working-data}
MODEL_SERVICE_EVENT_DIRECTORIES: {value: /app/data/events}
RASA_MODEL_SERVER_BASE_URL: {value: "{{ include "studio.publicUrl" . }}/talk"}
MODEL_SERVICE_ALLOWED_HOSTS: {value: {{ include "studio.hosts" (dict "root" . "component" "model-service") | quote }}}
MODEL_SERVICE_SECRET: {{ include "studio.secret" (dict "root" . "reference" $config.modelServiceSecret "value" "config.modelServiceSecret") }}
STUDIO_URL: {value: http://{{ include "studio.name" (dict "root" . "component" "backend") }}}
KEYCLOAK_URL: {value: {{ include "studio.identityUrl" . | quote }}}
MAX_PARALLEL_TRAININGS: {value: {{ int64 $rasa.maxParallelTrainings | quote }}}
MAX_PARALLEL_BOT_RUNS: {value: {{ int64 $rasa.maxParallelBotRuns | quote }}}
TRAINING_QUEUE_SIZE: {value: {{ int64 $rasa.trainingQueueSize | quote }}}
MODEL_INACTIVE_AFTER_MS: {value: {{ int64 $rasa.modelInactiveAfterMs | quote }}}
MODEL_SERVICE_RUN_ACTIONS: {value: {{ $rasa.runActions | quote }}}
RASA_PRO_LICENSE: {{ include "studio.textOrSecret" (dict "root" . "reference" $rasa.license "value" "rasa.license") }}
OPENAI_API_KEY: {{ include "studio.textOrSecret" (dict "root" . "reference" $rasa.openaiApiKey "value" "rasa.openaiApiKey") }}
{{- if $config.kafka.brokerAddress }}
KAFKA_BROKER_ADDRESS: {value: {{ $config.kafka.brokerAddress | quote }}}
KAFKA_TOPIC: {value: {{ $config.kafka.topic | quote }}}
MODEL_SERVICE_CHILD_VARIABLES: {value: {{ join "," (concat (list "KAFKA_BROKER_ADDRESS" "KAFKA_TOPIC") $rasa.childVariables | uniq) | quote }}}
{{- else }}
MODEL_SERVICE_CHILD_VARIABLES: {value: {{ join "," $rasa.childVariables | quote }}}
{{- end }}
{{- end }}

{{/* Keycloak's own. */}}
{{- define "studio.variables.keycloak" }}
{{- $config := .Values.config }}
{{- $database := mergeOverwrite (deepCopy $config.database) .Values.keycloak.database }}
{{- $parameters := ternary (ternary "?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory" "?sslmode=require" $database.rejectUnauthorized) "" $database.preferSSL }}
KC_DB_URL: {value: "jdbc:postgresql://{{ $database.host }}:{{ int64 $database.port }}/{{ $config.database.keycloakDatabaseName }}{{ $parameters }}"}
KC_DB_USERNAME: {{ include "studio.textOrSecret" (dict "root" . "reference" $database.username "value" "keycloak.database.username") }}
KC_DB_PASSWORD: {{ include "studio.secret" (dict "root" . "reference" $database.password "value" "keycloak.database.password") }}
KC_BOOTSTRAP_ADMIN_USERNAME: {value: {{ $config.keycloak.adminUsername | quote }}}
KC_BOOTSTRAP_ADMIN_PASSWORD: {{ include "studio.secret" (dict "root" . "reference" $config.keycloak.adminPassword "value" "config.keycloak.adminPassword") }}
KC_HTTP_ENABLED: {value: "true"}
KC_HTTP_PORT: {value: "8080"}
KC_HTTP_RELATIVE_PATH: {value: /auth}
KC_PROXY_HEADERS: {value: xforwarded}
KC_HOSTNAME: {value: {{ include "studio.publicIdentityUrl" . | quote }}}
KC_HOSTNAME_BACKCHANNEL_DYNAMIC: {value: "true"}
{{- end }}

{{/* Its settings are files: web-client.yaml. */}}
{{- define "studio.variables.web-client" }}
{{- end }}

{{/* The variables of a part with the operator's own over them, as YAML. */}}
{{- define "studio.variables" -}}
{{- $all := include (printf "studio.variables.%s" .part) .root | fromYaml -}}
{{- if hasKey $all "Error" }}{{ fail (printf "%s: %s" .part $all.Error) }}{{ end -}}
{{- range $name, $given := .given }}{{ $_ := set $all $name $given }}{{ end -}}
{{ toYaml $all }}
{{- end }}

{{/* As a list of a container. */}}
{{- define "studio.env" -}}
{{- $all := include "studio.variables" . | fromYaml -}}
{{- range $name := keys $all | sortAlpha }}
{{- $one := get $all $name }}
{{- if $one.secret }}
- name: {{ $name }}
  valueFrom: {secretKeyRef: {name: {{ $one.secret.name | quote }}, key: {{ $one.secret.key | quote }}}}
{{- else if $one.value }}
- name: {{ $name }}
  value: {{ $one.value | quote }}
{{- end }}
{{- end }}
{{- end }}
