/*{
  "ISFVSN": "2",
  "DESCRIPTION": "What is written: a line from here comes up like breath on cold glass, and is answered from there in the other tongue.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Filter", "Twin", "Paper"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "french",  "TYPE": "image"},
    {"NAME": "english", "TYPE": "image"},
    {"NAME": "waiting", "TYPE": "image"},
    {"NAME": "letter", "TYPE": "image"},
    {"NAME": "drawn", "TYPE": "image"},
    {"NAME": "letter_shown", "TYPE": "float", "MIN": 0.0, "MAX": 2.0, "DEFAULT": 0.0,
     "LABEL": {"en": "A letter has come: 1 written, 2 drawn", "fr": "Une lettre est là : 1 écrite, 2 dessinée"}},
    {"NAME": "light", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.9,
     "LABEL": {"en": "Light of the words", "fr": "Lumière des mots"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: we write anyway", "fr": "Solitude : nous écrivons quand même"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: no answer is asked for", "fr": "Nuit : aucune réponse n'est demandée"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: the ink runs in the rain", "fr": "Rupture : l'encre coule sous la pluie"}}
  ]
}*/

// The three texts are set by the scene, twelve lines each, one under the other; two lines are one letter. Nothing is
// set here: a band of that column is looked up and shown. `french` and `english` hold the same letters in one order,
// questions and answers in turn; `waiting` has those of the other three states, in French and then in English.

const float TURN = 26.0;                   // seconds of a letter and its answer, as in night.fs
const float SIZE = 0.058, LEAD = 1.305;    // the size in scene.toml, and from line to line in this type

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

float aspect, LINE;                        // LINE: from line to line in the column, in heights; set in whole pixels

// Where a point p of letter k (from its middle, in heights of the picture) is in the column; z is 0 outside.
vec3 band(vec2 p, float k) {
    vec2 at = vec2(0.5 + p.x / aspect, 0.5 + (5.0 - 2.0 * k) * LINE + p.y);
    return vec3(at, step(p.y, LINE * 0.95) * step(-LINE, p.y) * step(abs(at.x - 0.5), 0.5));
}

// A letter is its two lines and, smaller under them, the same in the other tongue; they never lie over each other, so one
// look is enough. Gives where to look, in z how strong it is, in w 1 for the small lines.
const float SMALL = 0.60;
const vec2 LOW = vec2(0.0, 0.045), UNDER = vec2(0.0, 0.130);

vec4 look(vec2 p, float k, float below) {
    float small = step(p.y, -0.078);
    vec3 at = band(small > 0.5 ? (p + UNDER) / SMALL : p, small > 0.5 ? below : k);
    return vec4(at.xy, at.z * mix(1.0, SMALL, small), small);
}

float told(vec2 p, float k) {
    vec4 at = look(p, k, k + 3.0);
    return at.z * IMG_NORM_PIXEL(waiting, at.xy).a;
}

// It comes up as breath does: from the middle of the line, unevenly, and goes from its edges.
float breathed(vec2 p, float come, float gone) {
    float grain = 0.25 * noise(p * 26.0) + 0.22 * noise(p * 7.0 + 3.0);
    float far = 1.1 * abs(p.x) + grain;
    return smoothstep(0.0, 0.30, come * 1.25 - far) * (1.0 - smoothstep(0.0, 0.35, gone * 1.3 - 0.75 + far));
}

float fade_out(float t) { return 1.0 - smoothstep(22.5, 26.0, t); }

// A visitor's letter: set in the middle of its own picture, or drawn on a square sheet, as large as the wall lets it be.
float real(vec2 p, float grown) {
    vec2 at = letter_shown > 1.5 ? 0.5 + p / (0.80 * min(1.0, aspect)) : 0.5 + p / (grown * vec2(aspect, 1.0));
    float inside = step(abs(at.x - 0.5), 0.5) * step(abs(at.y - 0.5), 0.5);
    return inside * (letter_shown > 1.5 ? IMG_NORM_PIXEL(drawn, at).a : IMG_NORM_PIXEL(letter, at).a);
}

void main() {
    aspect = RENDERSIZE.x / RENDERSIZE.y;
    LINE = ceil(LEAD * floor(SIZE * RENDERSIZE.y + 0.5)) / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(aspect, 1.0);
    vec3 col = IMG_THIS_PIXEL(inputImage).rgb;
    float came = step(0.5, letter_shown);          // it changes where a turn begins, when nothing is to be seen
    float both = (1.0 - solitude) * (1.0 - night) * (1.0 - rupture) * (1.0 - came);
    float turn = floor(TIME / TURN), t = TIME - turn * TURN;
    float k = 2.0 * mod(turn, 3.0), tongue = mod(turn, 2.0);
    float side = 0.16 * max(0.0, aspect - 0.6);

    // Our line below, theirs above; on a wide wall they stand aside from each other, like two who take turns.
    float big = mix(1.0, 1.2, smoothstep(0.6, 1.3, aspect));  // a wide wall has room
    vec2 q = (p - vec2(-side, -0.165)) / big, a = (p - vec2(side, 0.255)) / big;
    float folds = smoothstep(9.0, 11.0, t), fade = smoothstep(23.5, 26.0, t);
    vec3 warm = vec3(1.00, 0.925, 0.820), cool = vec3(0.840, 0.965, 1.000), night_ = col;
    // What is not there is not drawn: a loop of no turns, which without a graphics card is cheaper than an `if`.
    for (int i = 0; i < 2; i++) {
        vec2 at = i == 0 ? q : a;
        float which = i == 0 ? tongue : 1.0 - tongue, come = i == 0 ? smoothstep(0.3, 3.8, t) : smoothstep(15.6, 19.0, t);
        int n = both > 0.0 && come > 0.0 && abs(at.y + LOW.y) < 0.28 && abs(at.x) < 0.55 ? 1 : 0;
        for (int turns = 0; turns < n; turns++) {
            float shown = breathed(at, come, fade) * (i == 0 ? mix(1.0, 0.46, folds) : 1.0);   // folded, its trace stays
            vec2 near = (at + LOW) * vec2(3.0, 6.0);
            vec4 where = look(at, k + float(i), k + float(i));
            float mist = exp2(-dot(near, near)) * shown * both;           // the glass mists there
            float ink = where.z * (abs(which - where.w) < 0.5 ? IMG_NORM_PIXEL(french, where.xy).a : IMG_NORM_PIXEL(english, where.xy).a);
            night_ = night_ * (1.0 - 0.72 * mist) + (i == 0 ? vec3(0.084, 0.069, 0.063) : vec3(0.052, 0.076, 0.084)) * (mist * (0.75 + 0.5 * noise(at * 9.0 + vec2(0.0, TIME * 0.02))));
            night_ = mix(night_, i == 0 ? warm : cool, min(1.0, ink * shown) * light * both);
        }
    }

    // Alone and asleep: one line, that waits for nothing.
    float w = solitude * (1.0 - night) * (1.0 - rupture) * (1.0 - came), n = night * (1.0 - rupture) * (1.0 - came);
    float one = max(w, n);
    int waits = one > 0.0 ? 1 : 0;
    for (int turns = 0; turns < waits; turns++) {
        vec2 s = (p - vec2(0.0, 0.06)) / big, near = (s + LOW) * vec2(2.1, 5.0);
        float slow = 0.94 + 0.06 * cos(6.2832 * TIME / 11.0), veil = exp2(-dot(near, near));
        float ink = told(s, n > w ? 1.0 : 0.0);
        night_ = night_ * (1.0 - 0.6 * veil * one) + vec3(0.050, 0.048, 0.052) * (veil * one);
        night_ = mix(night_, n > w ? vec3(0.80, 0.86, 0.96) : warm, min(1.0, ink) * light * slow * one);
    }
    // Theirs, in a hand that is not ours: it comes up in the mist of the glass and stays as long as a letter and its answer.
    int comes = came * (1.0 - rupture) > 0.0 ? 1 : 0;
    for (int turns = 0; turns < comes; turns++) {
        float shown = smoothstep(0.4, 4.5, t) * fade_out(t) * (1.0 - rupture), grown = mix(1.0, 1.15, smoothstep(0.6, 1.3, aspect));
        vec2 s = p - vec2(0.0, 0.02), near = s * vec2(1.3, 1.7) / vec2(min(1.0, aspect), 1.0);
        float mist = exp2(-dot(near, near) * 2.0) * shown;
        float ink = real(s, grown) * (letter_shown > 1.5 ? shown : breathed(s / (grown * 1.6), smoothstep(0.6, 5.0, t), smoothstep(22.5, 26.0, t)));
        vec3 hand_ = mix(cool, vec3(0.80, 0.86, 0.96), night);
        night_ = night_ * (1.0 - 0.72 * mist) + vec3(0.046, 0.066, 0.074) * (mist * (0.8 + 0.4 * noise(p * 7.0 + vec2(0.0, TIME * 0.02))));
        night_ = mix(night_, hand_, min(1.0, ink) * light);
    }
    col = night_;

    // Cut: no window any more, but the sheet itself, out in the rain.
    int rains = rupture > 0.0 ? 1 : 0;
    for (int once = 0; once < rains; once++) {
        float fibre = noise(p * vec2(180.0, 240.0)) - 0.5 + 0.8 * (noise(p * vec2(46.0, 28.0)) - 0.5);
        float damp = noise(p * 2.3 + vec2(0.0, TIME * 0.012)) * 0.6 + noise(p * 6.1) * 0.4;
        vec3 paper = mix(vec3(0.650, 0.660, 0.660), vec3(0.575, 0.600, 0.620), smoothstep(0.30, 0.75, damp)) + 0.030 * fibre;
        float crease = min(abs(p.y - 0.167), abs(p.y + 0.167));
        paper *= 1.0 - 0.10 * smoothstep(0.006, 0.0, crease) + 0.035 * smoothstep(0.02, 0.0, abs(crease - 0.008));
        paper *= 1.0 - 0.40 * dot(p, p) / (0.25 + 0.25 * aspect * aspect);
        // Where a drop fell the paper is darker for a while, and has a rim.
        for (int i = 0; i < 2; i++) {
            vec2 g = p * (i == 0 ? 5.0 : 11.0) + float(i) * 7.7, c = floor(g);
            float one = hash(c), age = fract(TIME * 0.05 + one * 7.0), two = hash(c + floor(TIME * 0.05 + one * 7.0) + 3.0);
            vec2 f = g - c - 0.5 - 0.4 * (vec2(two, fract(two * 31.7)) - 0.5);
            float size = (0.10 + 0.17 * fract(two * 77.0)) * (0.55 + 0.45 * smoothstep(0.0, 0.3, age)), d = length(f) + 0.03 * (noise(g * 5.0) - 0.5);
            float life = step(fract(one * 13.7), i == 0 ? 0.6 : 0.3) * smoothstep(0.0, 0.06, age) * smoothstep(1.0, 0.35, age);
            paper *= 1.0 - life * (0.050 * smoothstep(size + 0.03, size - 0.12, d) + 0.032 * smoothstep(0.035, 0.0, abs(d - size)));
        }
        vec2 at = (p - vec2(0.0, 0.12)) / (big * big);
        // Drops let the ink go, column by column: it is looked for above, and the further it came the paler it is.
        float grain = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
        float column = noise(vec2(p.x * 38.0, 5.0)) * 0.65 + noise(vec2(p.x * 11.0, 9.0)) * 0.35;
        float pulls = 0.06 + 0.50 * smoothstep(0.36, 0.72, column) * (0.80 + 0.20 * sin(TIME * 0.13 + column * 20.0));
        float bend = 0.012 * (noise(vec2(p.x * 9.0, p.y * 5.0 + TIME * 0.02)) - 0.5), ink = 0.0, blot = 0.0;
        int taps = abs(at.x) < 0.34 && at.y < 0.09 && at.y > -0.20 - pulls ? 24 : 0;
        for (int i = 1; i <= taps; i++) {
            float d = (float(i) - fract(grain + float(i) * 0.618)) / 24.0;
            ink += told(at + vec2(bend * d, pulls * d), 2.0) * (1.0 - d) * (1.0 - d);
        }
        taps = taps > 0 && at.y > -0.20 ? 10 : 0;
        for (int i = 1; i <= taps; i++) {
            float turned = (float(i) + grain) * 2.39996;
            blot += told(at + 0.013 * sqrt(float(i) / 10.0) * vec2(cos(turned), sin(turned)), 2.0);
        }
        vec3 blue = vec3(0.080, 0.120, 0.270);
        paper *= mix(vec3(1.0), vec3(0.50, 0.60, 0.84), min(1.0, blot / 10.0 * 1.3));
        paper *= mix(vec3(1.0), vec3(0.36, 0.47, 0.76), min(0.95, ink * 0.26));
        float dry = min(1.0, 1.1 * told(at, 2.0));
        paper = mix(paper, blue, dry * 0.86);
        col = mix(col, paper, rupture);
    }
    gl_FragColor = vec4(col, 1.0);
}
