{{/* A rule of egress: to these peers, or anywhere, on one port. */}}
{{- define "studio.rule" -}}
ports: [{port: {{ int64 .port }}}]
{{- with .to }}
to: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Rules of ingress: from these peers on the part's own port; nobody, where there are none. */}}
{{- define "studio.from" -}}
{{- if .peers -}}
- ports: [{port: http}]
  from: {{- toYaml .peers | nindent 4 }}
{{- else -}}
[]
{{- end -}}
{{- end }}
