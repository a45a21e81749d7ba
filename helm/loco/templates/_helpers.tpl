{{/* Name that all objects begin with. Two releases in one namespace never share it; 40 letters leave room for
"-emulator" and the 11 letters of a controller revision in a label. */}}
{{- define "loco.fullname" -}}
{{- $name := .Values.fullnameOverride | default (eq .Release.Name .Chart.Name | ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name)) -}}
{{- if gt (len $name) 40 -}}
{{- printf "%s-%s" ($name | trunc 31 | trimSuffix "-") ($name | sha256sum | trunc 8) -}}
{{- else -}}
{{- $name -}}
{{- end -}}
{{- end -}}

{{- define "loco.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace -}}
{{- end -}}

{{/* Labels of pods and selectors: never a version, so that a new chart replaces no pod that is the same. */}}
{{- define "loco.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{/* metadata of an object: (dict "root" $ "name" "backend" "component" "backend" "annotations" (dict) "labels" (dict)) */}}
{{- define "loco.metadata" -}}
name: {{ include "loco.fullname" .root }}{{ with .name }}-{{ . }}{{ end }}
{{- if not .clusterScoped }}
namespace: {{ include "loco.namespace" .root }}
{{- end }}
labels:
  {{- include "loco.selectorLabels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
  {{- with mergeOverwrite (deepCopy .root.Values.commonLabels) (.labels | default dict) }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with mergeOverwrite (deepCopy .root.Values.commonAnnotations) (.annotations | default dict) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* labels of a pod: (dict "root" $ "component" "backend" "labels" .Values.backend.podLabels) */}}
{{- define "loco.podLabels" -}}
{{ include "loco.selectorLabels" . }}
{{- with .labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* reference of an image: (dict "root" $ "image" .Values.backend.image "tag" "0.1.0"); the tag is for an image without one */}}
{{- define "loco.image" -}}
{{- $registry := .image.registry | default .root.Values.global.imageRegistry -}}
{{- $name := empty $registry | ternary .image.repository (printf "%s/%s" $registry .image.repository) -}}
{{- if .image.digest -}}
{{- printf "%s@%s" $name .image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (.image.tag | default .tag) -}}
{{- end -}}
{{- end -}}

{{- define "loco.pullSecrets" -}}
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* What the restricted Pod Security Standard asks of a pod. */}}
{{- define "loco.podSecurityContext" -}}
runAsNonRoot: true
{{- with .Values.security.userId }}
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
{{- end }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{/* And of a container. */}}
{{- define "loco.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* Where pods go: (dict "root" $ "component" "backend" "values" .Values.backend) */}}
{{- define "loco.scheduling" -}}
{{- $labels := dict "matchLabels" (include "loco.selectorLabels" . | fromYaml) -}}
{{- $soft := dict "maxSkew" 1 "whenUnsatisfiable" "ScheduleAnyway" -}}
{{- $spread := .values.topologySpreadConstraints -}}
{{- if not $spread -}}
{{- $spread = list (merge (dict "topologyKey" "topology.kubernetes.io/zone") $soft) (merge (dict "topologyKey" "kubernetes.io/hostname") $soft) -}}
{{- end -}}
topologySpreadConstraints:
{{- range $spread }}
  - {{ merge (dict "labelSelector" $labels) . | toYaml | nindent 4 | trim }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* Address of the switch, of one of its ports by name: (dict "root" $ "port" "PORT_HTTP"). By the variables of its Service,
since name servers are closed to most pods; those need enableServiceLinks. */}}
{{- define "loco.lanAddress" -}}
{{- $variable := printf "%s_LAN_SERVICE" (include "loco.fullname" .root | upper | replace "-" "_") -}}
$({{ $variable }}_HOST):$({{ $variable }}_{{ .port }})
{{- end -}}

{{/* The token of the LAN as a variable: (dict "root" $ "program" "LAN") */}}
{{- define "loco.lanToken" -}}
{{- with .root.Values.lan.token }}
{{- if .secretName -}}
- name: LOCO_{{ $.program }}_TOKEN
  valueFrom: {secretKeyRef: {name: {{ .secretName }}, key: {{ .key | quote }}}}
{{- end }}
{{- end }}
{{- end -}}

{{/* A drain that ends by itself: (dict "seconds" 5) */}}
{{- define "loco.drain" -}}
{{- if gt (int .seconds) 0 -}}
lifecycle:
  preStop:
    sleep:
      seconds: {{ int .seconds }}
{{- end }}
{{- end -}}

{{/* Keys of one TOML table. JSON texts, numbers, booleans and lists are TOML as well; toToml would write 8480.0. */}}
{{- define "loco.toml" -}}
{{- range $key, $value := . }}
{{ $key }} = {{ toJson $value }}
{{- end }}
{{- end -}}

{{/* Variables of emulator and streamer: (dict "program" "STREAMER" "extra" list) */}}
{{- define "loco.instanceEnv" -}}
- name: POD_INDEX
  valueFrom: {fieldRef: {fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']"}}
- {name: LOCO_CONFIG, value: /etc/loco/loco.toml}
- {name: LOCO_{{ .program }}_INSTANCE, value: instance-$(POD_INDEX)}
- {name: LOCO_{{ .program }}_DIRECTORY, value: /run/loco}
- {name: LOCO_{{ .program }}_LOG_FORMAT, value: json}
{{- with .extra }}
{{ toYaml . }}
{{- end }}
{{- end -}}
