"""What doctor says, in English and in French: a detail and the action to take; and which package brings what lacks."""

from __future__ import annotations

import re
from typing import NamedTuple

from installation.score.problem import Say


class Advice(NamedTuple):
    """One finding in both languages: what is so, and what to do about it ("" when nothing need be done)."""

    detail: Say
    action: Say = Say("", "")


GL_PACKAGES = ("libegl1", "libgl1", "libgl1-mesa-dri", "libx11-6", "libxext6", "libxcursor1", "libxi6", "libxrandr2")
"""Debian's and Ubuntu's names of all that a window or a headless picture needs."""

MISSING = (
    (re.compile(r"libGL\.so"), ("libgl1",)),
    (re.compile(r"libEGL\.so"), ("libegl1",)),
    (re.compile(r"swrast|dri|eglInitialize|eglGetDisplay|eglGetError|no EGL device|requested config", re.I),
     ("libgl1-mesa-dri",)),
    (re.compile(r"libX11"), ("libx11-6",)),
    (re.compile(r"libXext"), ("libxext6",)),
)  # fmt: skip
"""What a driver complains of, and the Debian package that brings it. The first that fits is taken."""

X_LIBRARIES = {
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libXcursor.so.1": "libxcursor1",
    "libXi.so.6": "libxi6",
    "libXrandr.so.2": "libxrandr2",
}
"""SDL loads these by name when it opens a window under X; without one it says only that no video device is there."""

SOFTWARE = re.compile(r"llvmpipe|softpipe|swrast|software rasterizer|swiftshader|microsoft basic", re.I)

APT = "sudo apt-get install -y {packages}"

WORDS = {
    "python": Advice(Say("Python {version}", "Python {version}")),
    "python old": Advice(
        Say("Python {version}; 3.11 or newer is needed", "Python {version} ; il faut 3.11 ou plus récent"),
        Say("install Python 3.11 or newer and remove .venv", "installez Python 3.11 ou plus récent et supprimez .venv"),
    ),
    "pygame": Advice(Say("pygame-ce {version}", "pygame-ce {version}")),
    "pygame both": Advice(
        Say(
            "pygame {other} and pygame-ce {version} are both installed and overwrite each other",
            "pygame {other} et pygame-ce {version} sont installés tous deux et s'écrasent l'un l'autre",
        ),
        Say(
            "pip uninstall -y pygame pygame-ce && pip install pygame-ce",
            "pip uninstall -y pygame pygame-ce && pip install pygame-ce",
        ),
    ),
    "pygame none": Advice(
        Say("pygame-ce is not installed", "pygame-ce n'est pas installé"),
        Say("pip install pygame-ce", "pip install pygame-ce"),
    ),
    "gl": Advice(Say("OpenGL {version}, {renderer}", "OpenGL {version}, {renderer}")),
    "gl old": Advice(
        Say("OpenGL {version}; 3.3 or newer is needed", "OpenGL {version} ; il faut 3.3 ou plus récent"),
        Say("install the maker's graphics driver", "installez le pilote graphique du fabricant"),
    ),
    "gl none": Advice(
        Say("no OpenGL to draw with: {why}", "pas d'OpenGL pour dessiner : {why}"),
        Say(APT, APT),
    ),
    "renderer": Advice(Say("drawn by {renderer}", "dessiné par {renderer}")),
    "renderer software": Advice(
        Say(
            "drawn by the processor ({renderer}), not by a graphics card",
            "dessiné par le processeur ({renderer}), sans carte graphique",
        ),
        Say(
            "for an exhibition, use a machine with a graphics card and its driver",
            "pour une exposition, prenez une machine avec une carte graphique et son pilote",
        ),
    ),
    "windows": Advice(Say("the libraries of X windows are here", "les bibliothèques X11 sont là")),
    "windows none": Advice(
        Say("a window cannot open: {missing} missing", "aucune fenêtre ne peut s'ouvrir : il manque {missing}"),
        Say(APT, APT),
    ),
    "display": Advice(Say("display {display}", "écran {display}")),
    "display none": Advice(
        Say("no display: pictures are drawn without a window", "pas d'écran : les images sont dessinées sans fenêtre"),
        Say(
            "start from a graphical session, or set DISPLAY",
            "lancez depuis une session graphique, ou définissez DISPLAY",
        ),
    ),
    "display sleeps": Advice(
        Say("display {display} goes dark when nobody types", "l'écran {display} s'éteint quand personne n'y touche"),
        Say("xset s off -dpms", "xset s off -dpms"),
    ),
    "udp": Advice(
        Say(
            "UDP receive buffers may be {mebibytes:.1f} MiB",
            "les tampons de réception UDP peuvent faire {mebibytes:.1f} Mio",
        )
    ),
    "udp small": Advice(
        Say(
            "UDP receive buffers may be {kibibytes} KiB at most; a burst of OSC loses messages under 16 MiB",
            "les tampons de réception UDP font {kibibytes} Kio au plus ; sous 16 Mio, une rafale d'OSC se perd",
        ),
        Say(
            "sudo sysctl -w net.core.rmem_max=16777216 (to keep it: a file in /etc/sysctl.d)",
            "sudo sysctl -w net.core.rmem_max=16777216 (pour le garder : un fichier dans /etc/sysctl.d)",
        ),
    ),
    "udp unknown": Advice(
        Say("this system does not tell its UDP buffer limit", "ce système n'indique pas la limite de ses tampons UDP")
    ),
    "midi": Advice(Say("MIDI ports by {backend}", "ports MIDI par {backend}")),
    "midi instead": Advice(
        Say(
            "MIDI ports by {backend}, since {better} opens none: {why}",
            "ports MIDI par {backend}, car {better} n'en ouvre pas : {why}",
        ),
        Say(
            "on Linux MIDI needs ALSA's sequencer: sudo modprobe snd-seq",
            "sous Linux, le MIDI demande le séquenceur ALSA : sudo modprobe snd-seq",
        ),
    ),
    "midi refused": Advice(
        Say("no MIDI ports; {backend}: {why}", "pas de ports MIDI ; {backend} : {why}"),
        Say("pip install 'jumelage[midi]'", "pip install 'jumelage[midi]'"),
    ),
    "clock": Advice(Say("the clock is synchronised ({by})", "l'horloge est synchronisée ({by})")),
    "clock free": Advice(
        Say("the clock is not synchronised ({by})", "l'horloge n'est pas synchronisée ({by})"),
        Say("sudo timedatectl set-ntp true", "sudo timedatectl set-ntp true"),
    ),
    "clock unknown": Advice(
        Say("nothing here tells whether the clock is synchronised", "rien ici ne dit si l'horloge est synchronisée"),
        Say("sudo apt-get install -y chrony", "sudo apt-get install -y chrony"),
    ),
    "disk": Advice(Say("{gigabytes:.1f} GB free for {folder}", "{gigabytes:.1f} Go libres pour {folder}")),
    "disk low": Advice(
        Say(
            "{gigabytes:.2f} GB free for {folder}; under 1 GB",
            "{gigabytes:.2f} Go libres pour {folder} ; moins de 1 Go",
        ),
        Say(
            "free some room, or move the state with JUMELAGE_HOME",
            "faites de la place, ou déplacez l'état par JUMELAGE_HOME",
        ),
    ),
    "disk closed": Advice(
        Say("{folder} cannot be written to", "impossible d'écrire dans {folder}"),
        Say(
            "give it to this user, or move the state with JUMELAGE_HOME",
            "donnez-le à cet utilisateur, ou déplacez l'état par JUMELAGE_HOME",
        ),
    ),
    "keys": Advice(Say("this site has its keys in {folder}", "ce site a ses clés dans {folder}")),
    "keys open": Advice(
        Say("{file} can be read by others", "{file} est lisible par d'autres"),
        Say("chmod 600 {file}", "chmod 600 {file}"),
    ),
    "keys none": Advice(
        Say(
            "this site has no keys yet; the link to another city needs them",
            "ce site n'a pas encore de clés ; le lien vers une autre ville en demande",
        ),
        Say("jumelage keys new", "jumelage keys new"),
    ),
    "ports": Advice(Say("the rig's ports are free: {ports}", "les ports de la régie sont libres : {ports}")),
    "ports taken": Advice(
        Say("already taken: {ports}", "déjà pris : {ports}"),
        Say(
            "end the program that holds them (ss -lunpt shows it), or change the port in {rig}",
            "arrêtez le programme qui les tient (ss -lunpt le montre), ou changez le port dans {rig}",
        ),
    ),
    "flashes": Advice(
        Say(
            "no window shows more than three flashes a second",
            "aucune fenêtre ne montre plus de trois éclats par seconde",
        )
    ),
    "flashes unguarded": Advice(
        Say("the flash guard is off in {windows}", "la garde contre les éclats est levée dans {windows}"),
        Say(
            "flashes can bring on a seizure: warn at the door, or take `flash_guard = false` out of the rig",
            "les éclats peuvent provoquer une crise : prévenez à l'entrée, ou ôtez `flash_guard = false`",
        ),
    ),
    "ports unread": Advice(
        Say("{rig} cannot be read: {why}", "{rig} est illisible : {why}"),
        Say("jumelage check {rig}", "jumelage check {rig}"),
    ),
    "inotify": Advice(Say("{watches} files may be watched", "{watches} fichiers peuvent être surveillés")),
    "inotify few": Advice(
        Say(
            "only {watches} files may be watched ({instances} watchers); reload on save may fail",
            "seuls {watches} fichiers peuvent être surveillés ({instances} veilleurs) ; le rechargement peut échouer",
        ),
        Say(
            "sudo sysctl -w fs.inotify.max_user_watches=65536 fs.inotify.max_user_instances=512",
            "sudo sysctl -w fs.inotify.max_user_watches=65536 fs.inotify.max_user_instances=512",
        ),
    ),
    "unexamined": Advice(
        Say("could not be examined: {why}", "n'a pas pu être examiné : {why}"),
        Say("tell us: this is a defect of doctor", "dites-le-nous : c'est un défaut de doctor"),
    ),
}
