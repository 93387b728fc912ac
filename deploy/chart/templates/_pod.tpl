{{/* What PodSecurity `restricted` asks of a container, and no writing outside of volumes. */}}
{{- define "studio.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/*
The spec of a pod. root; part: whose variables; component: its name; values: those of the component, with its image,
variables and resources; and as the part needs it port, command, probes, mounts, volumes, job (the restart policy),
account.
*/}}
{{- define "studio.pod" -}}
{{- $root := .root -}}
{{- $config := .root.Values.config -}}
{{- $values := .values -}}
serviceAccountName: {{ .account | default (include "studio.serviceAccount" $root) }}
automountServiceAccountToken: false
# Variables that Kubernetes would make of Services are named like ours.
enableServiceLinks: false
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1001
  runAsGroup: 1001
  fsGroup: 1001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- if .job }}
restartPolicy: Never
{{- else }}
# The pause below, 20 s for open requests, 30 s for what the application ends, and a little more.
terminationGracePeriodSeconds: 65
topologySpreadConstraints:
  {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "studio.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}
containers:
  - name: {{ .part }}
    image: {{ include "studio.image" (dict "root" $root "image" $values.image) | quote }}
    imagePullPolicy: {{ $root.Values.imagePullPolicy }}
    {{- with .command }}
    command: {{ toJson . }}
    {{- end }}
    {{- with include "studio.env" (dict "root" $root "part" .part "given" $values.environmentVariables) | trim }}
    env: {{- . | nindent 6 }}
    {{- end }}
    {{- with $values.envFrom }}
    envFrom: {{- toYaml . | nindent 6 }}
    {{- end }}
    securityContext: {{- include "studio.containerSecurity" . | nindent 6 }}
    resources: {{- toYaml $values.resources | nindent 6 }}
    {{- with .port }}
    ports:
      - {name: http, containerPort: {{ . }}}
    # Until nobody sends requests here any more.
    lifecycle: {preStop: {sleep: {seconds: 5}}}
    {{- end }}
    {{- with .probes }}
    {{- $probes := fromYaml . }}
    {{- range $name, $own := $values.probes }}{{ $_ := set $probes $name $own }}{{ end }}
    {{- toYaml $probes | nindent 4 }}
    {{- end }}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
      {{- with .mounts }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- with $values.additionalVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
  {{- with $values.additionalContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
volumes:
  - {name: tmp, emptyDir: {}}
  {{- with .volumes }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with $values.additionalVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with $values.nodeSelector | default $config.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity | default $config.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations | default $config.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* A pod's template of Deployments and the StatefulSet. */}}
{{- define "studio.podTemplate" -}}
metadata:
  labels:
    {{- include "studio.selector" . | nindent 4 }}
    {{- with .values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- if or .settings .values.podAnnotations }}
  annotations:
    {{- with .settings }}
    checksum/settings: {{ . }}
    {{- end }}
    {{- with .values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
spec: {{- include "studio.pod" . | nindent 2 }}
{{- end }}

{{/* A Deployment with its Service. */}}
{{- define "studio.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "studio.name" . }}
  labels: {{- include "studio.labels" . | nindent 4 }}
spec:
  {{- if not .scaled }}
  replicas: {{ .values.replicaCount }}
  {{- end }}
  revisionHistoryLimit: 5
  strategy:
    type: RollingUpdate
    # The old pods stay until new ones are ready.
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  selector:
    matchLabels: {{- include "studio.selector" . | nindent 6 }}
  template: {{- include "studio.podTemplate" . | nindent 4 }}
{{- end }}

{{- define "studio.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "studio.name" . }}
  labels: {{- include "studio.labels" . | nindent 4 }}
spec:
  selector: {{- include "studio.selector" . | nindent 4 }}
  ports:
    - {name: http, port: 80, targetPort: http}
{{- end }}

{{/* A budget where there is more than one pod. */}}
{{- define "studio.budget" -}}
{{- $least := .values.replicaCount -}}
{{- with .scaled }}{{ $least = .minReplicas }}{{ end -}}
{{- if gt (int64 $least) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "studio.name" . }}
  labels: {{- include "studio.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "studio.selector" . | nindent 6 }}
{{- end }}
{{- end }}

{{- define "studio.autoscaler" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "studio.name" . }}
  labels: {{- include "studio.labels" . | nindent 4 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ include "studio.name" . }}}
  minReplicas: {{ .scaled.minReplicas }}
  maxReplicas: {{ .scaled.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: {{ .scaled.targetCPUUtilizationPercentage }}}
{{- end }}

{{/* The volume of a process of the backend's image: nothing in it has to stay, but events for the ingestion. */}}
{{- define "studio.dataVolume" -}}
- {name: data, emptyDir: {}}
{{- if .Values.config.eventsClaim }}
{{ include "studio.eventsVolume" . }}
{{- end }}
{{- end }}
{{- define "studio.dataMount" -}}
- {name: data, mountPath: /app/data}
{{- if .Values.config.eventsClaim }}
{{ include "studio.eventsMount" . }}
{{- end }}
{{- end }}

{{/* Where assistants write their events; without a claim nobody reads them. */}}
{{- define "studio.eventsVolume" -}}
{{- with .Values.config.eventsClaim -}}
- {name: events, persistentVolumeClaim: {claimName: {{ . | quote }}}}
{{- else -}}
- {name: events, emptyDir: {}}
{{- end -}}
{{- end }}
{{- define "studio.eventsMount" -}}
- {name: events, mountPath: /app/data/events}
{{- end }}
