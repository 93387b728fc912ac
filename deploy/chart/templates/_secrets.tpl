{{/*
Looks in the cluster whether the secrets are there that variables are read from. Without a cluster (`helm template`)
nothing can be looked at; a list of the namespace's secrets is empty only then.
*/}}
{{- define "studio.checkSecrets" -}}
{{- $space := .Release.Namespace -}}
{{- if and .Values.config.checkSecrets (lookup "v1" "Secret" $space "") -}}
{{- $seen := dict -}}
{{- range $part, $values := dict "migration" .Values.backend.migration "backend" .Values.backend "event-ingestion" .Values.eventIngestion "keycloak" .Values.keycloak "keycloak-setup" .Values.backend "model-service" .Values.rasa -}}
{{- if eq (include "studio.isUsed" (dict "root" $ "part" $part)) "true" -}}
{{- range $variable, $one := include "studio.variables" (dict "root" $ "part" $part "given" $values.environmentVariables) | fromYaml -}}
{{- with $one.secret -}}
{{- if not (hasKey $seen .name) }}{{ $_ := set $seen .name (lookup "v1" "Secret" $space .name) }}{{ end -}}
{{- $secret := get $seen .name -}}
{{- if not $secret }}{{ fail (printf "The secret %s is not there: %s of the %s is read from its key %s (config.existingSecret, or secretName of the value)." .name $variable $part .key) }}{{ end -}}
{{- if not (hasKey ($secret.data | default dict) .key) }}{{ fail (printf "The secret %s has no key %s, which %s of the %s is read from." .name .key $variable $part) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "studio.isUsed" -}}
{{- $values := .root.Values -}}
{{- $identity := include "studio.identity" .root -}}
{{- $unused := dict
  "migration" (not $values.backend.migration.enabled)
  "event-ingestion" (not $values.eventIngestion.enabled)
  "keycloak" (ne $identity "keycloak")
  "keycloak-setup" (or (eq $identity "local") (not $values.config.keycloak.setup))
  "model-service" (not $values.rasa.enabled) -}}
{{- not (get $unused .part) -}}
{{- end }}
