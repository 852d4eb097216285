"""What `privacy` says of flows, files and doors, in English and in French."""

from __future__ import annotations

from installation.score.problem import Say

# What crosses.
IN_STEPS = Say("numbers, in {steps} steps of their range", "des nombres, en {steps} pas de leur plage")
WHOLE = Say("a whole number", "un nombre entier")
FLOAT = Say("a number of 32 bits", "un nombre sur 32 bits")
RISES = Say("how often it happened", "combien de fois c'est arrivé")
AS_WORDS = Say("words, as they were set", "des mots, tels quels")
MADE_UP = Say("nobody: the machine makes it up", "personne : la machine l'invente")
WINDOW = Say("keys and mouse at the wall's window", "clavier et souris de la fenêtre de l'œuvre")
CLOCK = Say("the time of this machine's clock, to keep the cities together", "l'heure de l'horloge, pour l'unisson")
CUES = Say(
    "cue: what the show does, and when; kept until every city has it",
    "cue : ce que fait le spectacle, et quand ; gardé jusqu'à ce que chaque ville l'ait",
)
LETTERS = Say(
    "letter: {days} days at most; moderation here of those that come: {moderation}; {album} stay in the album",
    "letter : {days} jours au plus ; modération ici de celles qui arrivent : {moderation} ; {album} dans l'album",
)
NO_LETTERS = Say(
    "letter: none in this configuration; `jumelage letter write` would send one",
    "letter : aucune dans cette configuration ; `jumelage letter write` en enverrait une",
)

# What never leaves.
NEVER = (
    Say("a picture of anybody: no camera is opened", "l'image de quiconque : aucune caméra n'est ouverte"),
    Say("a sound: no microphone is opened", "un son : aucun micro n'est ouvert"),
    Say("the work's own picture: each city draws its own", "l'image de l'œuvre : chaque ville dessine la sienne"),
    Say("how many visitors exactly, beyond four", "le nombre exact de visiteurs, au-delà de quatre"),
    Say("what the sensors say, as they say it", "ce que disent les capteurs, tel quel"),
    Say("takes, logs, and the secret key", "les prises, les journaux de bord et la clé secrète"),
)
NO_WORDS = Say("a word that a visitor says or writes", "un mot qu'un visiteur dit ou écrit")
AT_HOME = Say("parameters without `share`", "les paramètres sans `share`")

# What lies on the disk.
SLATE = Say(
    "the last value of each parameter here and in the other cities; to go on after a power cut",
    "la dernière valeur de chaque paramètre, ici et dans les autres villes ; pour reprendre après une coupure",
)
OVERWRITTEN = Say("until the next value", "jusqu'à la valeur suivante")
JOURNAL = Say("cues and letters on their way", "les tops et les lettres en chemin")
ACKNOWLEDGED = Say("until every city has them", "jusqu'à ce que chaque ville les ait")
LETTER_FILE = Say(
    "letters that wait, and the album of the last {album}",
    "les lettres qui attendent, et l'album des {album} dernières",
)
DAYS = Say(
    "{days} days on their way; what is refused or too old is erased",
    "{days} jours en chemin ; refusée ou trop vieille, une lettre est effacée",
)
ECHO = Say(
    "what the other cities' values did while they were open", "ce qu'ont fait les valeurs des autres villes, ouvertes"
)
ECHO_KEPT = Say("{days} days and {megabytes} MB at most", "{days} jours et {megabytes} Mo au plus")
TAKE = Say("what came in, while `jumelage record` runs", "ce qui arrive, tant que `jumelage record` tourne")
AS_ASKED = Say("only when asked for, until it is deleted", "seulement à la demande, jusqu'à ce qu'on l'efface")
RIGS = Say("the rig as it was last read; nothing of people", "la régie telle qu'elle fut lue ; rien des gens")
TABLES = Say("what Python scenes declare; nothing of people", "ce que déclarent les scènes Python ; rien des gens")
ADMITTED = Say("which scenes this machine has drawn; nothing of people", "les scènes déjà dessinées ; rien des gens")
KEYS = Say("the key pair and the trusted keys", "la paire de clés et les clés de confiance")
CHANGED = Say("until it is changed", "jusqu'au changement")
PROCESSES = Say("which processes run; nothing of people", "les processus en marche ; rien des gens")
WHILE_RUNS = Say("while the site runs", "tant que le site tourne")
LOG = Say("what the processes tell of themselves", "ce que les processus disent d'eux-mêmes")
LOG_KEPT = Say("{mebibytes} MiB each, until the next boot", "{mebibytes} Mio chacun, jusqu'au prochain démarrage")
SHADERS = Say("the graphics driver's compiled programs; nothing of people", "les programmes du pilote graphique ; rien")
PYTHON = Say(
    "the engine's own programs, compiled; nothing of people", "les programmes du moteur, compilés ; rien des gens"
)
DRIVERS_OWN = Say("as the driver has it", "selon le pilote")
ASIDE = Say("a file that could not be read, put aside", "un fichier illisible, mis de côté")
PREVIEW = Say("a small picture of the work, for `status`", "une petite image de l'œuvre, pour `status`")
STILL = Say("the last picture of the work, for a restart", "la dernière image de l'œuvre, pour un redémarrage")
GRAPHICS = Say("what the graphics driver draws in", "ce dans quoi le pilote graphique dessine")
MEDIA = Say("images, films and texts of the scene, decoded", "les images, films et textes de la scène, décodés")
IN_MEMORY = Say("in memory alone, never on the disk", "en mémoire seulement, jamais sur le disque")

# Doors.
FEED = Say("all values, for this machine's windows", "toutes les valeurs, pour les fenêtres de cette machine")
REPORT = Say("keys, mouse and frame times of the windows", "clavier, souris et cadence des fenêtres")
DESK = Say("`jumelage set`, `get`, `go`, `status` …", "`jumelage set`, `get`, `go`, `status` …")
TAP = Say("the events, while `jumelage watch` looks", "les événements, tant que `jumelage watch` regarde")
TUNNEL = Say("the encrypted line, on its way to the relay", "la ligne chiffrée, vers le relais")
HEARS = Say("{name} hears whoever sends there", "{name} entend quiconque y envoie")
SAYS = Say("{name} sends the values named in `send`", "{name} envoie les valeurs nommées dans `send`")
CALLED = Say(
    "{name} calls here; only trusted keys are let in", "{name} appelle ici ; seules les clés de confiance entrent"
)
CALLS = Say("{name} is called there; encrypted for its key", "{name} y est appelé ; chiffré pour sa clé")
MET = Say(
    "the relay where {name} is met; it cannot read the line", "le relais où l'on rejoint {name} ; il ne peut pas lire"
)
SYSTEM = Say(
    "the system asks its name server where {host} is", "le système demande à son serveur de noms où est {host}"
)
ONLY_USER = Say("this user of this machine", "cet utilisateur de cette machine")
MACHINE = Say("this machine", "cette machine")
NETWORK = Say("the network of {host}", "le réseau de {host}")
EVERYONE = Say("every network that reaches this machine", "tous les réseaux qui atteignent cette machine")
THERE = Say("{host}", "{host}")

# Headings.
HEADINGS = {
    "senses": Say("What is sensed", "Ce qui est capté"),
    "sea": Say("What crosses the sea", "Ce qui traverse la mer"),
    "outputs": Say("What goes out to devices", "Ce qui sort vers des appareils"),
    "disk": Say("What lies on the disk", "Ce qui est sur le disque"),
    "memory": Say("What lies in memory that several processes see", "Ce qui est en mémoire, vu de plusieurs processus"),
    "doors": Say("Doors, and who may reach them", "Les portes, et qui peut les atteindre"),
    "never": Say("What never leaves", "Ce qui ne sort jamais"),
    "notice": Say("The visitors' notice", "L'avis aux visiteurs"),
}
NOTHING = Say("nothing", "rien")
NO_PEER = Say("nothing: this house has no other city", "rien : cette maison n'a pas d'autre ville")
TO_PEER = Say(
    "to {name} ({way} {at}), encrypted for its key {key}; {kilobytes:g} kB/s at most",
    "vers {name} ({way} {at}), chiffré pour sa clé {key} ; {kilobytes:g} ko/s au plus",
)
UNKNOWN_KEY = Say("(not known yet)", "(encore inconnue)")
PER_SECOND = Say("{rate:g} times a second at most", "{rate:g} fois par seconde au plus")
PRESENCE = Say(
    "/presence, how many visitors, is one of {steps}", "/presence, le nombre de visiteurs, est l'un de {steps}"
)
