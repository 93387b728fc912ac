{{/* Names, labels, addresses. */}}

{{- define "studio.selector" -}}
app.kubernetes.io/name: studio
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "studio.labels" -}}
{{ include "studio.selector" . }}
app.kubernetes.io/version: {{ .root.Values.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* rasapro is the name by which the model service is known to operators of Rasa's chart. */}}
{{- define "studio.name" -}}
{{- if eq .component "model-service" }}rasapro{{ else }}{{ .root.Release.Name }}-{{ .component }}{{ end -}}
{{- end }}

{{/* Names inside the cluster that a Service is called by, with commas. */}}
{{- define "studio.hosts" -}}
{{- $name := include "studio.name" . -}}
{{- $space := .root.Release.Namespace -}}
{{ $name }},{{ $name }}.{{ $space }},{{ $name }}.{{ $space }}.svc,{{ $name }}.{{ $space }}.svc.cluster.local
{{- end }}

{{- define "studio.image" -}}
{{ .root.Values.repository }}{{ .image }}:{{ .root.Values.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- define "studio.serviceAccount" -}}
{{- $account := .Values.serviceAccount -}}
{{- $account.name | default (ternary (printf "%s-studio" .Release.Name) "default" $account.create) -}}
{{- end }}

{{/* Of Jobs that run before an account of the release is there. */}}
{{- define "studio.jobServiceAccount" -}}
{{- if .Values.serviceAccount.create }}default{{ else }}{{ include "studio.serviceAccount" . }}{{ end -}}
{{- end }}

{{- define "studio.publicUrl" -}}
{{ .Values.config.connectionType }}://{{ .Values.config.ingressHost }}
{{- end }}

{{/* keycloak: the chart's own; outside: another one; local: none. */}}
{{- define "studio.identity" -}}
{{- $config := .Values.config -}}
{{- if eq $config.identity "local" }}local{{ else if $config.keycloak.url }}outside{{ else }}keycloak{{ end -}}
{{- end }}

{{/* The realm's server as pods reach it. */}}
{{- define "studio.identityUrl" -}}
{{- $identity := include "studio.identity" . -}}
{{- if eq $identity "outside" -}}
{{ .Values.config.keycloak.url | trimSuffix "/" }}
{{- else -}}
http://{{ include "studio.name" (dict "root" . "component" (ternary "backend" "keycloak" (eq $identity "local"))) }}/auth
{{- end -}}
{{- end }}

{{/* The same as browsers reach it. */}}
{{- define "studio.publicIdentityUrl" -}}
{{- $keycloak := .Values.config.keycloak -}}
{{- if eq (include "studio.identity" .) "outside" -}}
{{ $keycloak.publicUrl | default $keycloak.url | trimSuffix "/" }}
{{- else -}}
{{ include "studio.publicUrl" . }}/auth
{{- end -}}
{{- end }}

{{/* The port of an address. */}}
{{- define "studio.portOf" -}}
{{- $url := urlParse . -}}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" -}}
{{- $port | default (ternary "443" "80" (eq $url.scheme "https")) -}}
{{- end }}
