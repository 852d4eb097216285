"""What may be wrong with a key, a line or a journal: the messages, in both languages."""

from __future__ import annotations

from installation.score.problem import Row

KEY_MISSING = Row(
    ("this site has no key", "a key pair of its own", "run `jumelage keys new`"),
    ("ce site n'a pas de clé", "sa propre paire de clés", "lancez `jumelage keys new`"),
)
KEY_EXISTS = Row(
    ("this site has a key already", "no key, so that none is overwritten", "keep it, or move the file away first"),
    ("ce site a déjà une clé", "aucune clé, pour n'en écraser aucune", "gardez-la, ou déplacez d'abord le fichier"),
)
NEXT_EXISTS = Row(
    (
        "the next key has been made already",
        "one change of keys at a time",
        "run `jumelage keys turn` once every peer has it, or remove the file",
    ),
    (
        "la prochaine clé est déjà faite",
        "un seul changement de clé à la fois",
        "lancez `jumelage keys turn` quand tous les pairs l'ont, ou retirez le fichier",
    ),
)
NEXT_MISSING = Row(
    ("there is no next key", "the one that this house will have", "run `jumelage keys next` first"),
    ("il n'y a pas de prochaine clé", "celle que la maison aura", "lancez d'abord `jumelage keys next`"),
)
KEY_OPEN = Row(
    ("the secret key has mode {mode}", "mode 600: nobody else reads it", "run `chmod 600` on the file"),
    (
        "la clé secrète a le mode {mode}",
        "le mode 600 : personne d'autre ne la lit",
        "lancez `chmod 600` sur le fichier",
    ),
)
KEY_DAMAGED = Row(
    (
        "this is no key pair",
        "two lines of 40 characters",
        "restore the file, or move it away and run `jumelage keys new`",
    ),
    (
        "ceci n'est pas une paire de clés",
        "deux lignes de 40 caractères",
        "restaurez le fichier, ou déplacez-le et lancez `jumelage keys new`",
    ),
)
NO_KEY = Row(
    (
        "“{key}” is no public key",
        "the 40 characters that `jumelage keys show` prints there",
        "copy the key again, whole",
    ),
    (
        "« {key} » n'est pas une clé publique",
        "les 40 caractères que `jumelage keys show` affiche là-bas",
        "recopiez la clé entière",
    ),
)
NO_SITE = Row(
    ("“{site}” is no site's name", "lower case, digits, - and _", "use the name of the peer in the rig"),
    (
        "« {site} » n'est pas un nom de site",
        "des minuscules, des chiffres, - et _",
        "prenez le nom du pair dans la régie",
    ),
)
TRUST_DAMAGED = Row(
    ("“{line}” is no trusted key", "a site's name and its key", "remove the line and run `jumelage keys trust` again"),
    (
        "« {line} » n'est pas une clé de confiance",
        "un nom de site et sa clé",
        "retirez la ligne et relancez `jumelage keys trust`",
    ),
)
KEY_SHARED = Row(
    ("{one} and {other} have one key", "one key per site", "ask each site for `jumelage keys show`"),
    ("{one} et {other} ont la même clé", "une clé par site", "demandez à chaque site `jumelage keys show`"),
)
KEY_UNKNOWN = Row(
    (
        "someone at {address} knocks with the key {fingerprint}",
        "a key that this site trusts",
        "if you know it, run `jumelage keys trust`; else nothing is to be done",
    ),
    (
        "quelqu'un à {address} frappe à la porte avec la clé {fingerprint}",
        "une clé à laquelle ce site fait confiance",
        "si vous la connaissez, lancez `jumelage keys trust` ; sinon il n'y a rien à faire",
    ),
)
KEY_REFUSED = Row(
    (
        "{site} does not open to this site's key, or has another key itself",
        "keys exchanged both ways",
        "compare `jumelage keys show` on both sides",
    ),
    (
        "{site} refuse la clé de ce site, ou en a lui-même une autre",
        "des clés échangées dans les deux sens",
        "comparez `jumelage keys show` des deux côtés",
    ),
)
VERSION = Row(
    (
        "{site} speaks version {theirs} of the wire",
        "version {ours}",
        "all goes on, as far as both know it; update the older of the two sites when you can",
    ),
    (
        "{site} parle la version {theirs} du lien",
        "la version {ours}",
        "tout continue, pour ce que les deux connaissent ; mettez à jour le plus ancien quand vous pourrez",
    ),
)
VERSION_PARTS = Row(
    (
        "{site} speaks version {theirs} of the wire, and not all of it means the same there",
        "version {ours}",
        "clock and company go on; what does not cross is `unlike` in `jumelage status --json`; update the older site",
    ),
    (
        "{site} parle la version {theirs} du lien, et tout n'y a pas le même sens",
        "la version {ours}",
        "horloge et compagnie continuent ; ce qui ne passe pas : `unlike` dans `status --json` ; mettez à jour",
    ),
)
VERSION_REFUSED = Row(
    (
        "{site} refuses this site's version {ours} of the wire; it speaks version {theirs}",
        "one version at both sites",
        "update the older of the two sites",
    ),
    (
        "{site} refuse la version {ours} du lien, celle d'ici ; il parle la version {theirs}",
        "une même version aux deux sites",
        "mettez à jour le plus ancien des deux sites",
    ),
)
FLOOD = Row(
    (
        "{site} sends more than any site has to say; it is shut out for {seconds} s, then longer each time",
        "at most some hundred frames a second",
        "ask there what is running under that key; if nobody knows, `jumelage keys forget {site}`",
    ),
    (
        "{site} envoie plus qu'un site n'a à dire ; il est exclu {seconds} s, puis plus longtemps à chaque fois",
        "au plus quelques centaines de trames par seconde",
        "demandez là-bas ce qui tourne sous cette clé ; si personne ne sait, `jumelage keys forget {site}`",
    ),
)
FLOODED_BY_US = Row(
    (
        "{site} has closed the line for a while: more came from here than it takes",
        "at most some hundred frames a second",
        "the line comes back by itself; should it happen again, restart this site",
    ),
    (
        "{site} a fermé le lien pour un moment : il en est venu d'ici plus qu'il n'en prend",
        "au plus quelques centaines de trames par seconde",
        "le lien revient de lui-même ; si cela se répète, redémarrez ce site",
    ),
)
TWO_RUNS = Row(
    ("two runs call themselves {site} at once", "one", "stop one of them"),
    ("deux instances portent à la fois le nom {site}", "une seule", "arrêtez l'une d'elles"),
)
NAME = Row(
    (
        "the peer “{site}” calls itself “{theirs}”",
        "the name that stands in both rigs",
        "give the site one name in both rigs",
    ),
    (
        "le pair « {site} » se présente comme « {theirs} »",
        "le nom inscrit dans les deux régies",
        "donnez au site un seul nom dans les deux régies",
    ),
)
PORT = Row(
    (
        "cannot listen at {address}: {reason}",
        "a free port of this machine",
        "stop the other program, or change `listen` in the rig",
    ),
    (
        "impossible d'écouter sur {address} : {reason}",
        "un port libre de cette machine",
        "arrêtez l'autre programme, ou changez `listen` dans la régie",
    ),
)
ADDRESS = Row(
    ("cannot dial {address}: {reason}", "an address such as tcp://host:7700", "correct `dial` in the rig"),
    ("impossible d'appeler {address} : {reason}", "une adresse comme tcp://hote:7700", "corrigez `dial` dans la régie"),
)
STRANGE_JOURNAL = Row(
    (
        "this journal cannot be read: it is damaged, or of another version",
        "a journal of this version",
        "a new one is begun; the file was put aside as {aside}",
    ),
    (
        "ce journal est illisible : endommagé, ou d'une autre version",
        "un journal de cette version",
        "un nouveau commence ; le fichier est mis de côté : {aside}",
    ),
)
DISK = Row(
    (
        "the journal cannot be written: {reason}",
        "room on the disk",
        "free some; until then entries are kept in memory only",
    ),
    (
        "le journal ne peut pas être écrit : {reason}",
        "de la place sur le disque",
        "libérez-en ; d'ici là, les entrées ne sont gardées qu'en mémoire",
    ),
)
GAP = Row(
    (
        "the oldest journal entries for {site} are let go",
        "a peer that comes back before {cap} entries",
        "nothing: the gap is noted at both sites",
    ),
    (
        "les plus anciennes entrées du journal pour {site} sont abandonnées",
        "un pair qui revient avant {cap} entrées",
        "rien : le manque est consigné des deux côtés",
    ),
)
GAP_HERE = Row(
    (
        "{site} let {count} of its oldest journal entries go before this site was back",
        "an absence that its journal outlasts",
        "nothing: the gap is noted at both sites",
    ),
    (
        "{site} a abandonné {count} des plus anciennes entrées de son journal avant le retour de ce site",
        "une absence que son journal peut couvrir",
        "rien : le manque est consigné des deux côtés",
    ),
)
BEHIND = Row(
    (
        "{count} journal entries of {site} that were applied here are no longer known on this disk",
        "the state that this site last had",
        "nothing, if it was put back from a copy: they are not applied again",
    ),
    (
        "{count} entrées du journal de {site}, appliquées ici, ne sont plus connues de ce disque",
        "l'état que ce site avait en dernier",
        "rien, s'il a été rétabli depuis une copie : elles ne sont pas appliquées de nouveau",
    ),
)
OLD_STATE = Row(
    (
        "{site} has journal entries of this site that are not on this disk",
        "the state that this site last had, of which there is one copy in use",
        "nothing, if it was put back from a copy or the power was cut; else see installation/STATE.md",
    ),
    (
        "{site} a des entrées du journal de ce site qui ne sont pas sur ce disque",
        "l'état que ce site avait en dernier, en un seul exemplaire utilisé",
        "rien, s'il a été rétabli depuis une copie ou si le courant a manqué ; sinon voyez installation/STATE.md",
    ),
)
NOT_AWAITED = Row(
    (
        "the journal waited for {site}, which is no longer in the rig",
        "the peers of the rig",
        "nothing: it is forgotten; put it back into the rig if it should have what is written",
    ),
    (
        "le journal attendait {site}, qui n'est plus dans la régie",
        "les pairs de la régie",
        "rien : il est oublié ; remettez-le dans la régie s'il doit recevoir ce qui s'écrit",
    ),
)
UNKNOWN_ENTRY = Row(
    (
        "{site} writes “{name}” in its journal, which this version does not know",
        "entries that both versions know",
        "update this site; until then such entries are passed over",
    ),
    (
        "{site} écrit « {name} » dans son journal, ce que cette version ne connaît pas",
        "des entrées que les deux versions connaissent",
        "mettez ce site à jour ; d'ici là, ces entrées sont ignorées",
    ),
)
CROWDED = Row(
    (
        "too many journal entries of {site} wait here to be carried out",
        "at most 10,000",
        "see what {site} is sending; more are taken when some of these are done",
    ),
    (
        "trop d'entrées du journal de {site} attendent ici d'être exécutées",
        "au plus 10 000",
        "voyez ce que {site} envoie ; d'autres seront prises quand celles-ci seront faites",
    ),
)
JOURNAL_AWAY = Row(
    (
        "the journal's file was removed or replaced while the site ran",
        "the file that this site writes",
        "nothing: it was written anew; stop the site before you change its state",
    ),
    (
        "le fichier du journal a été retiré ou remplacé pendant que le site tournait",
        "le fichier que ce site écrit",
        "rien : il a été écrit à nouveau ; arrêtez le site avant de toucher à son état",
    ),
)
FORGOTTEN = Row(
    (
        "values of scenes that ended long ago are let go, {address} first",
        "{most} addresses of ended scenes at most, none older than {days} days",
        "nothing: such a scene begins at its defaults when it comes back",
    ),
    (
        "des valeurs de scènes finies depuis longtemps sont oubliées, {address} d'abord",
        "{most} adresses de scènes finies au plus, aucune de plus de {days} jours",
        "rien : une telle scène reprendra à ses valeurs par défaut",
    ),
)
SITE_GONE = Row(
    (
        "what was known of {site} is let go",
        "a site that the rig names",
        "give it a [peer.{site}] if it is still one of the work's sites",
    ),
    (
        "ce que l'on savait de {site} est oublié",
        "un site que nomme la régie",
        "donnez-lui un [peer.{site}] s'il est encore l'un des sites de l'œuvre",
    ),
)
