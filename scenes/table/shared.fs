/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Over the table: each hand carries a light, whose way stays a while on the wood, and reaches the other half as late as the line.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Twin", "Room"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "way", "TYPE": "image"},
    {"NAME": "way_there", "TYPE": "image"},
    {"NAME": "link_delay", "TYPE": "float", "MIN": 0.0, "MAX": 2.0, "DEFAULT": 0.07},
    {"NAME": "warmth", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6,
     "LABEL": {"en": "Light under our hand", "fr": "Lumière sous notre main"}},
    {"NAME": "warmth_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6,
     "LABEL": {"en": "Light under theirs", "fr": "Lumière sous la leur"}},
    {"NAME": "soon", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A touch here, followed soon", "fr": "Un toucher ici, suivi de près"}},
    {"NAME": "late", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A touch here, followed late", "fr": "Un toucher ici, suivi de loin"}},
    {"NAME": "soon_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A touch there, followed soon", "fr": "Un toucher là-bas, suivi de près"}},
    {"NAME": "late_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A touch there, followed late", "fr": "Un toucher là-bas, suivi de loin"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: over there the table is laid, and nobody sits", "fr": "Solitude : là-bas le couvert est mis, personne n'est assis"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: the candles are low, the moon is on the table", "fr": "Nuit : les bougies sont basses, la lune est sur la table"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: a crack of darkness", "fr": "Rupture : une fente de nuit"}}
  ]
}*/

// The ways are two tables of values of the scene: where each hand was in the last six seconds, oldest at the left.
// On its own half a hand's light is where the hand is. Across the seam it is where the hand was: the line's delay,
// which is some tenths of a second, is slowed here until an eye can see it.

const float SECONDS = 6.0, SLOWED = 6.0;   // of the traces; how many times the line's delay

float hash(vec2 p) {                       // without sine: alike on every GPU
    vec3 q = fract(p.xyx * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}

float noise(vec2 p) {
    vec2 i = floor(p), f = p - i;
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x),
               mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x), f.y);
}

float aspect;

vec2 here(vec2 v) { return (v - 0.5) * vec2(aspect, 1.0); }

// A hand's light at p: a pool where it is now (`ago` seconds before), and behind it the way it came, cooling.
vec2 carried(vec2 p, bool ours, float ago) {
    float now = 1.0 - ago / SECONDS;
    vec2 at = vec2(0.0);
    float trail = 0.0, pool = 0.0;
    for (int i = 0; i < 16; i++) {
        float back = float(i) / 16.0;
        vec2 texel = vec2(max(now - back * 0.62, 0.004), 0.5);
        vec2 c = here(ours ? IMG_NORM_PIXEL(way, texel).xy : IMG_NORM_PIXEL(way_there, texel).xy) - p;
        float d = dot(c, c), left = 1.0 - back;
        if (i == 0) pool = 1.0 / (1.0 + d * 42.0);
        trail = max(trail, left * exp2(-d * mix(260.0, 1500.0, back)));
    }
    return vec2(pool * pool, trail);
}

void main() {
    aspect = RENDERSIZE.x / RENDERSIZE.y;
    bool tall = aspect < 0.85;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(aspect, 1.0);
    vec3 col = IMG_THIS_PIXEL(inputImage).rgb;
    // Across the table (x) and along it (y): upright, we sit below and they above, as in generators/table.fs.
    vec2 s = tall ? vec2(p.y, -p.x) : p;
    float theirs = smoothstep(-0.01, 0.01, s.x), ago = min(link_delay * SLOWED, 2.0);
    float there = (1.0 - solitude) * (1.0 - night) * (1.0 - rupture), over = 1.0 - rupture;

    // Dusk in both rooms: beyond the candles' pools the wood goes away into the dark. (The candles, the plate: where
    // generators/table.fs has them.)
    float scale = tall ? max(aspect, 0.5) : min(1.0, 0.45 + 0.40 * aspect);
    vec2 la = s - vec2(-0.205, 0.10) * scale, lb = s + vec2(-0.205, 0.10) * scale, plate = s - vec2(0.30, 0.255) * scale;
    float pools = 1.0 / (1.0 + dot(la, la) * 9.0 / (scale * scale)) + (1.0 - 0.6 * night) / (1.0 + dot(lb, lb) * 9.0 / (scale * scale));
    float grey = dot(col, vec3(0.30, 0.59, 0.11));
    col = mix(vec3(grey), col, mix(0.80, 0.92, theirs)) * mix(0.34, 1.04, smoothstep(0.20, 1.02, pools));
    // Cut, what we see of theirs is what we remember.
    col = mix(col, vec3(grey) * vec3(0.40, 0.44, 0.48), 0.62 * rupture * theirs);

    vec2 a = carried(p, true, theirs * ago) * mix(1.0, 0.75 * over, theirs) * (0.35 + 0.65 * warmth);
    vec2 b = carried(p, false, (1.0 - theirs) * ago) * mix(0.75, 1.0, theirs) * (0.35 + 0.65 * warmth_twin) * there;
    vec3 amber = vec3(1.00, 0.62, 0.28), sea = vec3(0.36, 0.82, 0.90);
    // Light on a thing takes the thing's colour: what is dark stays dark, and the grain comes up in it.
    vec3 body = (sqrt(max(col, 0.0)) * 0.85 + 0.02) * (1.0 - 0.72 * smoothstep(0.25, 1.0, dot(col, vec3(0.30, 0.59, 0.11))));
    col += body * (amber * (a.x * 0.50 + a.y * 0.85) + sea * (b.x * 0.46 + b.y * 0.85));
    // Where the two lie on each other they are neither: white, and warm.
    float met = min(a.x + 0.5 * a.y, b.x + 0.5 * b.y);
    col += body * vec3(1.0, 0.90, 0.80) * (0.9 * met * met);

    // A touch: the table answers like the skin of water, once.
    for (int i = 0; i < 2; i++) {
        float f = i == 0 ? soon : soon_twin * there, l = i == 0 ? late : late_twin;
        int n = f > 0.002 ? 1 : 0;
        for (int turns = 0; turns < n; turns++) {
            vec2 c = p - here(i == 0 ? IMG_NORM_PIXEL(way, vec2(0.999, 0.5)).xy : IMG_NORM_PIXEL(way_there, vec2(0.999, 0.5)).xy);
            float r = (length(c) - 0.06 - 0.34 * l) / 0.020, across = (i == 0) == (theirs > 0.5) ? over : 1.0;
            col += body * (i == 0 ? amber : sea) * (0.55 * f * across / (1.0 + r * r));
        }
    }

    // Alone: a place is kept. Light waits round the plate, and breathes.
    float ring = (length(plate) - 0.150 * scale) / (0.030 * scale), breath = 0.62 + 0.38 * cos(6.2832 * TIME / 9.0);
    vec3 wood = sqrt(max(col, 0.0)) * 0.7 + 0.02;
    col += wood * vec3(1.0, 0.74, 0.44) * (0.62 * solitude * (1.0 - night) * (1.0 - rupture) * breath / (1.0 + ring * ring));

    // Asleep: by the low candle it is warm here; there the moon has come in, and the leaves before the window move.
    grey = dot(col, vec3(0.30, 0.59, 0.11));
    float leaf = smoothstep(0.40, 0.66, noise(s * 9.0 + vec2(0.3 * sin(TIME * 0.13), 0.2 * sin(TIME * 0.09))) * 0.7 + 0.3 * noise(s * 23.0 + 0.4 * sin(TIME * 0.21)));
    float moonside = smoothstep(-0.10, 0.16, s.x);
    vec3 moonlit = vec3(grey) * vec3(0.80, 1.06, 1.52) * (1.0 - 0.55 * leaf * smoothstep(0.05, 0.25, grey)) * 1.5;
    col = mix(col, mix(col * vec3(1.30, 1.08, 0.90), moonlit, moonside), night);

    // Cut: the crack has no bottom, and takes the light at its edges.
    float rag = 0.010 * (noise(vec2(s.y * 9.0, 3.0)) - 0.5) + 0.006 * (noise(vec2(s.y * 47.0, 5.0)) - 0.5);
    float edge = abs(s.x + rag);
    col *= 1.0 - rupture * 0.55 * exp2(-edge * 9.0);
    gl_FragColor = vec4(col / (0.94 + 0.16 * max(max(col.r, col.g), col.b)), 1.0);
}
