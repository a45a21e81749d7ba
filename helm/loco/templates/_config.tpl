{{/* The settings files of the programs. Each pod template carries the checksum of its own, so that a change replaces the
pods that read it and no others. */}}

{{- define "loco.guestSettings" -}}
{{- $disk := .Values.guest.disk -}}
{{- $guest := deepCopy .Values.guest.settings -}}
{{- if ne $disk.source "demo" -}}
{{- $_ := set $guest "image" (printf "/guest/%s" (eq $disk.source "image" | ternary (base $disk.file) (trimPrefix "/" $disk.file))) -}}
{{- $suffix := $disk.file | splitList "." | last | lower -}}
{{- if and (has $suffix (list "qcow2" "vmdk" "vdi")) (not (hasKey $guest "image_format")) -}}
{{- $_ := set $guest "image_format" $suffix -}}
{{- end -}}
{{- end -}}
[guest]
{{- include "loco.toml" $guest }}
{{- range $ordinal, $instance := .Values.instances }}
{{- with $instance.guest }}

[guest.instance-{{ $ordinal }}]
{{- include "loco.toml" . }}
{{- end }}
{{- end }}

[emulator]
{{- include "loco.toml" .Values.emulator.settings }}

[streamer]
{{- include "loco.toml" .Values.streamer.settings }}
{{ end -}}

{{- define "loco.backendSettings" -}}
{{- $name := include "loco.fullname" . -}}
{{- $settings := deepCopy .Values.backend.settings -}}
{{- if not (hasKey $settings "zeroconf") -}}
{{- $_ := set $settings "zeroconf" false -}}
{{- end -}}
{{- if .Values.ingress.enabled -}}
{{- $_ := set $settings "allowed_hosts" (concat .Values.ingress.hosts ($settings.allowed_hosts | default list) | uniq) -}}
{{- end -}}
{{- $_ := set $settings "discovery" "kubernetes" -}}
{{- $_ := set $settings "drain_s" (int .Values.backend.drainSeconds) -}}
{{- $kubernetes := dict "namespace" (include "loco.namespace" .) "service" (printf "%s-emulator" $name) -}}
{{- $_ := set $kubernetes "label_selector" (include "loco.emulatorSelector" .) -}}
{{- $_ := set $kubernetes "metadata_configmap" (printf "%s-instances" $name) -}}
{{- $ice := dict "ttl_s" .Values.ice.ttlSeconds "stun" .Values.ice.stun "turn" .Values.ice.turn -}}
{{- if .Values.turn.enabled -}}
{{- $address := printf "%s:%v" .Values.turn.host (.Values.turn.publicPort | default .Values.turn.service.port) -}}
{{- $own := list -}}
{{- range .Values.turn.service.protocols -}}
{{- $own = append $own (printf "turn:%s?transport=%s" $address (lower .)) -}}
{{- end -}}
{{- $_ := set $ice "turn" (concat $own .Values.ice.turn) -}}
{{- end -}}
{{- if $ice.turn -}}
{{- $_ := set $ice "secret_file" "/etc/loco-turn/secret" -}}
{{- end -}}
[backend]
{{- include "loco.toml" $settings }}

[kubernetes]
{{- include "loco.toml" (merge $kubernetes .Values.backend.kubernetes) }}

[ice]
{{- include "loco.toml" $ice }}
{{ end -}}

{{- define "loco.lanSettings" -}}
{{- $lan := .Values.lan -}}
{{- $settings := deepCopy $lan.settings -}}
{{- $rooms := list -}}
{{- range $name, $members := $lan.rooms -}}
{{- $rooms = append $rooms (printf "%s=%v" $name $members) -}}
{{- end -}}
{{- if $rooms -}}
{{- $_ := set $settings "rooms" $rooms -}}
{{- end -}}
{{- $_ := set $settings "site" $lan.link.site -}}
{{- if $lan.link.service.enabled -}}
{{- $_ := set $settings "link_listen" (printf "%s:8491" $lan.listenAddress) -}}
{{- end -}}
{{- if $lan.link.dial -}}
{{- $_ := set $settings "links" $lan.link.dial -}}
{{- end -}}
{{- if $lan.link.secretName -}}
{{- $_ := set $settings "certificate" "/etc/loco-link/tls.crt" -}}
{{- $_ := set $settings "key" "/etc/loco-link/tls.key" -}}
{{- $_ := set $settings "authority" "/etc/loco-link/ca.crt" -}}
{{- end -}}
[lan]
{{- include "loco.toml" $settings }}
{{ end -}}

{{- define "loco.emulatorSelector" -}}
{{- $pairs := list -}}
{{- range $key, $value := include "loco.selectorLabels" (dict "root" . "component" "emulator") | fromYaml -}}
{{- $pairs = append $pairs (printf "%s=%s" $key $value) -}}
{{- end -}}
{{- join "," $pairs -}}
{{- end -}}

{{- define "loco.turnSettings" -}}
listening-port={{ .Values.turn.service.port }}
min-port=49152
max-port=65535
realm={{ .Values.turn.realm }}
use-auth-secret
fingerprint
no-cli
no-tls
no-dtls
no-tcp-relay
no-multicast-peers
total-quota={{ int .Values.turn.totalQuota }}
max-bps={{ int .Values.turn.maxBytesPerSecond }}
log-file=stdout
simple-log
pidfile=/run/coturn/turnserver.pid
userdb=/run/coturn/turndb
{{- range .Values.turn.allowedPeers }}
allowed-peer-ip={{ . }}
{{- end }}
{{- if .Values.turn.allowedPeers }}
denied-peer-ip=0.0.0.0-255.255.255.255
denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
{{- end }}
{{ end -}}
