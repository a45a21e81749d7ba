; The demo guest of Loco Kiosk: a train yard that boots on a bare PC, without any operating system.
;
; This file only says what comes in which order; every part has an include file of its own.
; Sector 0 is the boot sector (boot.inc). It loads all the rest, sets the picture mode through the BIOS and enters
; protected mode. From there on the program owns the machine: flat 32-bit memory, no paging, interrupts of its own.
;
; House rules for the 32-bit code
;   - A routine keeps every register that its heading does not name as a result.
;   - Interrupt handlers read their device, note what happened in `events` and return. All drawing is done by the main
;     loop, but for one thing: the lamp (lamp.inc) answers a key inside the handler, because tests measure it.
;   - Only the main loop touches the canvases `back` and `work`.

        cpu     katmai                  ; a Pentium III: SSE
        org     0x7c00
        section .text

%include "memory.inc"           ; where everything lies
%include "macros.inc"           ; the words that pictures are written in

%include "boot.inc"             ; 16-bit: sector 0, load the rest
%include "video.inc"            ; 16-bit: VBE mode, BIOS font
%include "protected.inc"        ; enter protected mode, descriptors, interrupt controller

%include "main.inc"             ; start and main loop
%include "fw_cfg.inc"           ; settings that QEMU hands over
%include "debug.inc"            ; marker lines on port 0xe9
%include "timer.inc"            ; clock, 30 Hz tick
%include "life.inc"             ; what tells this life from the ones before

%include "canvas.inc"           ; spans, ovals, lines, copies, presenting
%include "picture.inc"          ; interpreter of picture lists
%include "text.inc"             ; 8x16 text
%include "palette.inc"          ; colours: time of day and livery

%include "scene.inc"            ; composing a frame, full-screen motion
%include "backdrop.inc"         ; sky, hills, station, rails
%include "sign.inc"             ; the big number
%include "train.inc"            ; engine, wagons, wheels
%include "yard.inc"             ; the trains that are here
%include "smoke.inc"            ; puffs and clouds
%include "lamp.inc"             ; the lamp that answers keys

%include "keyboard.inc"         ; IRQ 1, what keys do
%include "key_row.inc"          ; key caps at the bottom
%include "mouse.inc"            ; IRQ 12
%include "absolute.inc"         ; the pointer of a tablet
%include "pointer.inc"          ; cursor, things that clicks drop

%include "speaker.inc"          ; beep
%include "sound.inc"            ; Sound Blaster 16: set-up and DMA
%include "music.inc"            ; what it plays

%include "lan.inc"              ; messages between yards
%include "nic.inc"              ; NE2000: frames in and out
%include "neighbours.inc"       ; who is heard, and their signs
%include "handover.inc"         ; trains to and from neighbours

program_end:
PROGRAM_SECTORS equ (program_end - $$ - 512 + 511) / 512
%if PROGRAM_SECTORS > 64
%error the program no longer fits below 64 KiB
%endif

        section .bss
        resb    VARIABLES_SIZE - ($ - $$)       ; an error here: the variables need more than VARIABLES_SIZE
