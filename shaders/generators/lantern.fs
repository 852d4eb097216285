/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Paper lanterns set on one dark river: ours drift out from the near bank, theirs come towards us from the far one.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Water", "Night"],
  "INPUTS": [
    {"NAME": "sent", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6,
     "LABEL": {"en": "Lanterns sent from here", "fr": "Lanternes envoyées d'ici"}},
    {"NAME": "sent_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6,
     "LABEL": {"en": "Lanterns sent from there", "fr": "Lanternes envoyées de là-bas"}},
    {"NAME": "place", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Where the two streams meet, left to right", "fr": "Où se rencontrent les deux courants, de gauche à droite"}},
    {"NAME": "drift", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4,
     "LABEL": {"en": "Current", "fr": "Courant"}},
    {"NAME": "mist", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35,
     "LABEL": {"en": "Mist on the river", "fr": "Brume sur le fleuve"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: only ours, and they go out of sight", "fr": "Solitude : seulement les nôtres, qui s'éloignent"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: theirs have burnt down to embers, the stars come", "fr": "Nuit : les leurs ne sont plus que braises, les étoiles viennent"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: the river freezes, the lanterns stand", "fr": "Rupture : le fleuve gèle, les lanternes s'arrêtent"}}
  ]
}*/

// A river in perspective: a row of lanterns at each of five depths, from the far bank to the near one. Rows move
// towards the horizon or away from it without end, each fading in and out at its ends, so nothing ever jumps.
// A lantern is a paper box lit from within: bright below, where the candle is, and its image is under it.

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

float wave_(float x) {                     // a sine of period 1 made of two parabolas
    float f = 2.0 * fract(x) - 1.0;
    return 4.0 * f * (abs(f) - 1.0);
}

const float HORIZON = 0.16;                // above the middle, in heights of the picture

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    float px = 1.0 / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(aspect, 1.0);
    float mid = place * 0.3 * min(aspect, 1.6);
    bool river = p.y < HORIZON;
    float deep = max(HORIZON - p.y, 0.0);
    float z = 1.0 / (deep + 0.016);                       // how far: 1.5 at our feet, 60 at the other bank
    float still = rupture;

    // Ripples, finer than a pixel far off: there they are only a sheen.
    float seen = clamp(1.5 - z * z * 2.2 * px, 0.0, 1.0);
    vec2 w = vec2((p.x - mid) * z * 1.5, z * 2.4);
    float slow = TIME * (1.0 - still);
    float wave = (noise(w + vec2(slow * 0.10, slow * 0.30)) + 0.6 * noise(w * 2.2 - vec2(slow * 0.13, slow * 0.24)) - 0.8) * seen;
    float cracks = 1.0 - smoothstep(0.0, 0.10, abs(noise(w * 0.9 + 30.0) - 0.5) + 0.25 * abs(noise(w * 2.9) - 0.5));

    // The air: the last violet over our city, green dusk over theirs, hills, a string of far windows.
    float side = smoothstep(-0.7, 0.7, p.x - mid);
    float h = clamp((river ? deep * 0.9 : p.y - HORIZON) * 1.9, 0.0, 1.0);
    float cloud = noise(vec2(p.x * 1.7 + TIME * 0.008, h * 6.0)) - 0.5;
    vec3 low = mix(vec3(0.560, 0.270, 0.250), vec3(0.100, 0.340, 0.370), side), high = mix(vec3(0.066, 0.050, 0.140), vec3(0.014, 0.066, 0.116), side);
    vec3 sky = mix(low, high, smoothstep(-0.05, 0.62, h + 0.22 * cloud));
    sky *= mix(1.0, 0.34, night) * mix(1.0, 0.66, solitude);
    vec2 g = (p + vec2(0.0, 0.2 * p.x)) * 30.0;
    float star = hash(floor(g));
    vec2 o = fract(g) - 0.3 - 0.4 * vec2(fract(star * 91.0), fract(star * 57.0));
    vec3 col = sky + vec3(0.85, 0.92, 1.0) * night * smoothstep(0.60, 1.0, star) * smoothstep(0.06, 0.25, p.y - HORIZON) / (1.0 + dot(o, o) * 1100.0);
    float hill = 0.020 + 0.050 * noise(vec2(p.x * 2.3, 1.0)) + 0.020 * noise(vec2(p.x * 7.0, 4.0));
    col = mix(col, sky * 0.30 + vec3(0.006, 0.008, 0.014), smoothstep(px * 2.0, -px * 2.0, p.y - HORIZON - hill));
    if (river) {
        col = sky * (0.42 + 0.20 * wave) + mix(vec3(0.010, 0.008, 0.018), vec3(0.002, 0.014, 0.022), side);
        col *= 1.0 - 0.5 * deep;
        vec3 ice = mix(vec3(0.180, 0.185, 0.215), vec3(0.150, 0.205, 0.225), side) * (0.72 + 0.35 * noise(w * vec2(0.5, 1.3))) + 0.15 * cracks * seen;
        col = mix(col, ice * (1.0 - 0.35 * deep) * mix(1.0, 0.6, night), 0.80 * still);
    }

    // Five rows for each city, farthest first. Ours go away: `depth` runs from near to far; theirs from far to near.
    float pace = TIME * (0.012 + 0.030 * drift);
    for (int i = 0; i < 10; i++) {
        bool ours = i - 2 * (i / 2) == 0;
        float k = float(i / 2), share = ours ? sent : sent_twin * (1.0 - solitude * (1.0 - 0.4 * night));
        float lap = (k + 0.5 * float(i - 2 * (i / 2))) / 5.0 + (ours ? -pace : pace);
        float n = floor(lap), f = lap - n;                // f 0 far, 1 near
        float far = 1.0 / mix(0.030, 1.0, f * f);         // how far away it is, in rows of the nearest
        float y = HORIZON - 0.60 / far + 0.004, size = 0.064 / far;
        float fade = smoothstep(0.0, 0.16, f) * smoothstep(1.0, 0.86, f);
        // Where in its row: streams that start wide apart and come together at the middle of the river.
        float lot = fract(k * 0.618034 + n * 0.754878 + (ours ? 0.0 : 0.37));
        float cells = 0.24 / far;
        float bend = (ours ? -1.0 : 1.0) * (0.34 - 0.20 * f) * min(aspect, 1.6) / far * 1.3;
        float x = (p.x - mid * (1.0 - 0.5 * f) - bend) / cells + lot * 7.0;
        float id = floor(x), own = hash(vec2(id, k * 7.0 + n * 13.0 + (ours ? 0.0 : 50.0)));
        float away = abs(((id + 0.5 - lot * 7.0) * cells) / (0.55 * min(aspect, 1.6)));
        float there = smoothstep(share * 0.85 + 0.02, share * 0.85 - 0.08, own + 0.30 * away) * fade;
        float bob = 0.10 * wave_(TIME * 0.10 * (1.0 - still) + own * 5.0);
        y -= (fract(own * 53.0) - 0.5) * 0.115 / far;         // nobody sets them down in rows
        vec2 d = vec2((fract(x) - 0.5 + 0.5 * (fract(own * 37.0) - 0.5)) * cells, p.y - y - size * (0.62 + bob * 0.3));
        d.x += bob * 0.06 * d.y;
        vec3 flame = ours ? mix(vec3(1.00, 0.44, 0.13), vec3(1.00, 0.66, 0.28), fract(own * 91.0)) : mix(vec3(0.98, 0.86, 0.60), vec3(0.46, 0.88, 0.82), fract(own * 91.0));
        float burn = (0.92 + 0.08 * wave_(TIME * 0.21 + own * 9.0)) * (ours ? 1.0 : 1.0 - 0.84 * night) * (1.0 - 0.34 * still);
        flame = mix(flame, ours ? flame : vec3(0.75, 0.13, 0.06), night * (ours ? 0.0 : 0.9));
        vec2 box = abs(d * vec2(1.0 - 0.12 * d.y / size, 1.0)) - size * vec2(0.42, 0.60);
        float edge = max(box.x, box.y), soft = px + size * 0.06;
        float body = clamp(0.5 - edge / soft, 0.0, 1.0) * there;
        float up = clamp(d.y / (size * 1.2) + 0.5, 0.0, 1.0);
        float inner = 1.0 / (1.0 + dot(d / size + vec2(0.0, 0.24), d / size + vec2(0.0, 0.24)) * 3.2);
        float rib = 1.0 - 0.22 * smoothstep(0.10, 0.02, abs(abs(d.x) / size - 0.21)) - 0.25 * smoothstep(0.12, 0.03, abs(abs(d.y) / size - 0.56));
        vec3 paper = flame * (0.34 + 1.05 * inner) * burn * rib + vec3(0.55, 0.38, 0.18) * inner * inner * burn;
        // Its light in the mist, and its image, drawn out on the water.
        vec2 q = d / size;
        float window = max(0.0, 1.0 - 16.0 * (fract(x) - 0.5) * (fract(x) - 0.5) * (fract(x) - 0.5) * (fract(x) - 0.5));
        col += flame * (there * burn * window * (0.07 + 0.26 * mist) / (1.0 + dot(q, q) * 0.7));
        float below = -(p.y - y) / size;
        vec2 m = vec2(d.x / size + wave * (0.25 + 0.5 * max(below, 0.0)), below - 0.9);
        float image = step(0.0, below) * there * burn * window * 1.0 / (1.0 + below * below * mix(0.30, 1.2, still)) * smoothstep(0.62, 0.25, abs(m.x)) * (0.75 + 0.7 * wave);
        if (river) col += flame * max(image, 0.0) * 0.52;
        col = mix(col, paper, body);
    }

    // Mist lies on the far water.
    float veil = (0.22 + 0.6 * mist) * exp2(-abs(p.y - HORIZON) * 13.0) * (0.75 + 0.9 * cloud);
    col = mix(col, low * mix(0.85, 0.34, night) * (1.0 - 0.3 * solitude) + 0.02, clamp(veil * 0.62, 0.0, 1.0));
    col = mix(col, vec3(0.50, 0.54, 0.57) * mix(1.0, 0.45, night), rupture * clamp(0.78 * exp2(-abs(p.y - HORIZON - 0.05) * 5.5) * (0.85 + 0.6 * cloud), 0.0, 1.0));
    gl_FragColor = vec4(col, 1.0);
}
