"""The table of dangers told in French, a smaller one than safety_rules.py and read alone: the model knows English only.

Lines are as safety_lines.py says, without accents. None of them says anything in English, so that no language has to
be recognised first: whoever is in danger writes three words.
"""

from __future__ import annotations

from services_catalog.languages import without_accents
from triage.safety_lines import Finder, read_lines, words_of

_LISTS = {
    "WHO": """pere | mere | maman | papa | frere | soeur | mari | femme | fils | fille | bebe | enfant | enfants
        | homme | dame | monsieur | madame | voisin | voisine | quelqu'un | grand-mere | grand-pere | ami | amie
        | garcon | personne | il | elle""",
    "SMALL": "enfant | enfants | bebe | fils | fille | garcon | petit | petite | elle | il",
}
# First match wins, the gravest first.
_TABLE = (
    ("crisis", """
        je veux | j'ai envie de | je vais | veut | envie > mourir | me tuer | me suicider | en finir | d'en finir | se tuer
        se suicider | me suicider
        ne veux plus | veux plus | peux plus > vivre
        suicide ~ je | frere | soeur | fils | fille | ami | amie | mari
        je suis > sur le pont | au bord du toit > sauter | en finir
        c'est fini pour moi | serai plus la demain | en finir avec la vie
        {WHO} > va sauter | veut sauter | menace de sauter
    """),
    ("poison", """
        a avale | a bu | a mange | avale > javel | pilule* | medicament* | comprime* | pile | antigel | savon
            | produit* | poison | champignon*
    """),
    ("carbon_monoxide", """
        monoxyde | detecteur de co | avertisseur de co ~ alarme | sonne* | crie | bip* | mal a la tete | malade* | etourdi*
        chauffage | chaufferette | fournaise | generatrice | charbon ~ mal a la tete | etourdi* | endormi*
    """),
    ("gas", """
        ca sent | sent | odeur | senteur | fuite | senteur > gaz | oeufs pourris | d'oeufs pourris
        oeuf pourri | oeufs pourris ~ odeur | odor | smell | compteur | cave | sous-sol | couloir | partout
        gaz ~ fuite | fuit | siffle | sent fort | tuyau perce
        tuyau de gaz | conduite de gaz ~ touche | brise* | perce* | casse*
    """),
    ("wire", """
        fil | fils | cable > electrique* | de courant | hydro > tombe* | par terre | pend* | etincelle*
        fil | fils | cable > par terre | etincelle* | tombe dans la rue | qui pend*
        etincelle* ~ poteau | transformateur | prise | panneau | fil | fils
        electrocute*
    """),
    ("fire", """
        au feu
        le feu > a pris | est pris | dans la cuisine | dans l'appartement | dans le corridor | dans la maison
        en feu | incendie | flammes
        maison | immeuble | appartement | auto | voiture | cuisine | toit | voisin > brule | brulent
        fumee | boucane ~ escalier | corridor | couloir | appartement | immeuble | epaisse | sous la porte | de la fumee
        ca brule
    """),
    ("water", """
        se noie | noye | noyee | en train de se noyer
        {WHO} > est dans > la riviere | le lac | l'eau | le canal
        {WHO} > passe* a travers | sous > la glace
        {WHO} > tombe* > riviere | lac | l'eau | eau | glace | piscine | canal
    """),
    ("child", """
        {SMALL} ~ disparu* | perdu dans | introuvable | enferme*
        trouve plus | trouve pas > ma fille | mon fils | mon enfant | mon bebe | ma mere | mon pere
        {SMALL} > parti* avec > homme | inconnu | monsieur
        {SMALL} > dans l'auto fermee | dans la voiture fermee | n'est plus au parc
        enfant | bebe > tout seul | toute seule | seul > auto | voiture | rue
    """),
    ("abuse", """
        mari | copain | conjoint | chum | ex | pere | mere > me frappe | m'a frappe* | me bat | m'a battu* | m'a etrangle*
            | me menace | va me tuer | m'enferme
        il | elle > me bat | m'a battu* | m'a etrangle* | m'enferme | va me tuer
        il me frappe | elle me frappe > quand | et | chaque | tous | depuis | encore
        il | mari | copain | pere | beau-pere > bat | frappe > ma mere | ma soeur | mon frere | ma fille | mon fils
            | les enfants | maman
    """),
    ("violence", """
        couteau | fusil | pistolet | une arme > devant | menace* | porte | rue | magasin | main | il
        {WHO} > a | avec > couteau | fusil | pistolet | une arme
        quelqu'un | homme | voleur > entre chez | entre dans ma | est entre > moi | maison | appartement
        homme arme | casse ma porte | defonce ma porte | force ma porte
        frappent | battent | poignarde* | tire sur | coups de feu
    """),
    ("medical", """
        ne respire plus | ne respire pas | respire plus | respire pas | inconscient* | crise cardiaque | sans connaissance
            | ne se reveille pas | ne se reveille plus
        saigne > beaucoup | partout | fort | ne repond | de la tete
        ne bouge plus | bouge plus
        mal a la poitrine | douleur a la poitrine | douleur au bras gauche | crise d'epilepsie | convulsion*
        {WHO} > frappe par | heurte par | renverse* par > auto | voiture | camion | autobus
        {WHO} > tombe* > de l'echelle | du toit | du balcon
        gorge | langue | visage > enfle* | gonfle*
        au secours
        surdose | overdose > {WHO} | il | elle
    """),
    ("animal", """
        chien | chiens | coyote | pitbull > attaque* | mord | mordent | a mordu
    """),
    ("collapse", """
        mur | toit | plafond | balcon | echafaudage | pont > tombe | s'effondre | effondre* | est en train de tomber
            | va tomber
        balcon | mur | enseigne > pend | penche | tient par
        trou | bouche d'egout | plaque d'egout ~ ouvert* | sans couvercle | tomber dedans
    """),
)  # fmt: skip
_RULES = tuple((kind, read_lines(tells, _LISTS)) for kind, tells in _TABLE)
_PHRASES = Finder(line for _, tells in _RULES for line in tells)


def danger_in_french(text: str) -> str:
    """Return the kind of danger that a message tells of in French, the gravest first; empty: of none."""
    found = _PHRASES.find(words_of(without_accents(text), {}))
    if not found.lines:
        return ""
    return next((kind for kind, tells in _RULES if any(t.spans(found) for t in tells)), "")
