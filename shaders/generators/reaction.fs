/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Two living skins grow towards each other, by the chemistry that draws coral and leopards: Gray and Scott's.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Life"],
  "INPUTS": [
    {"NAME": "hand", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.3, 0.55],
     "LABEL": {"en": "The hand here, which feeds", "fr": "La main ici, qui nourrit"}},
    {"NAME": "hand_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.7, 0.45],
     "LABEL": {"en": "The hand there, which feeds", "fr": "La main là-bas, qui nourrit"}},
    {"NAME": "feed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55,
     "LABEL": {"en": "What lives here: spots to labyrinth", "fr": "Ce qui vit ici : des points au labyrinthe"}},
    {"NAME": "feed_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.2,
     "LABEL": {"en": "What lives there: spots to labyrinth", "fr": "Ce qui vit là-bas : des points au labyrinthe"}},
    {"NAME": "relief", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6,
     "LABEL": {"en": "Relief", "fr": "Relief"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: their half is bare stone", "fr": "Solitude : leur moitié est une pierre nue"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: their half sleeps, ours glows", "fr": "Nuit : leur moitié dort, la nôtre luit"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: a dry river between the two", "fr": "Rupture : une rivière sèche entre les deux"}}
  ],
  "PASSES": [
    {"TARGET": "skin", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(160*$WIDTH/$HEIGHT)", "HEIGHT": "160"},
    {"TARGET": "skin", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(160*$WIDTH/$HEIGHT)", "HEIGHT": "160"},
    {"TARGET": "skin", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(160*$WIDTH/$HEIGHT)", "HEIGHT": "160"},
    {"TARGET": "look", "FLOAT": true, "WIDTH": "floor(160*$WIDTH/$HEIGHT)", "HEIGHT": "160"},
    {}
  ]
}*/

// Red is the food U, green the creature V: V eats U and makes more V; U is fed in everywhere, V dies everywhere.
// That is all of it. Two numbers, the feeding and the dying, decide between spots, worms and labyrinths, and
// they glide from our values to theirs across the picture. Three steps a frame, on a grid of 160 rows; a fourth
// pass takes height and slope there, where it is cheap, so that the last need read only one point.

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

// A skin must be there on the first frame, long before chemistry could grow one. Grains of about the right
// size are sown at once, and grow into it within seconds.
vec2 seeded(vec2 p) {
    vec2 g = (p + 0.035 * vec2(noise(p * 7.0), noise(p * 7.0 + 30.0))) * 12.5;
    g.x += 0.5 * mod(floor(g.y), 2.0);                   // set as bricks are: no columns
    float one = hash(floor(g)), a = 6.2832 * one;
    vec2 o = fract(g) - 0.5 - 0.14 * vec2(cos(a), sin(a));
    float along = dot(o, vec2(cos(a), sin(a))), across = dot(o, vec2(-sin(a), cos(a)));
    float v = smoothstep(0.36, 0.24, length(vec2(along * (0.60 + 0.35 * fract(one * 7.3)), across * 1.15)));
    return vec2(1.0 - 0.62 * v, 0.32 * v);
}

vec4 step_(vec2 uv, float aspect) {
    vec2 p = (uv - 0.5) * vec2(aspect, 1.0);
    if (FRAMEINDEX == 0) return vec4(seeded(p), 0.0, 1.0);
    vec2 e = 1.0 / RENDERSIZE;
    vec2 c = IMG_NORM_PIXEL(skin, uv).rg;
    vec2 near = IMG_NORM_PIXEL(skin, uv + vec2(e.x, 0.0)).rg + IMG_NORM_PIXEL(skin, uv - vec2(e.x, 0.0)).rg
              + IMG_NORM_PIXEL(skin, uv + vec2(0.0, e.y)).rg + IMG_NORM_PIXEL(skin, uv - vec2(0.0, e.y)).rg;
    vec2 spread = near * 0.25 - c;
    float side = smoothstep(-0.30, 0.30, p.x + 0.12 * cos(6.2832 * p.y * 0.8));
    float kind = mix(feed, feed_twin, side);
    float f = mix(0.030, 0.046, kind), k = mix(0.0620, 0.0625, kind) + 0.0006 * cos(6.2832 * TIME / 90.0);
    float eaten = c.x * c.y * c.y;
    vec2 next = c + (vec2(0.21, 0.105) * spread * 2.3 + vec2(f * (1.0 - c.x) - eaten, eaten - (f + k) * c.y)) * (1.0 - 0.85 * night * side);
    // A hand feeds what is under it.
    vec2 a = p - (hand - 0.5) * vec2(aspect, 1.0), b = p - (hand_twin - 0.5) * vec2(aspect, 1.0);
    float grain = step(0.86, hash(floor(p * 40.0) + floor(TIME / 1.8)));
    next.y += grain * 0.010 * (max(0.0, 1.0 - dot(a, a) * 140.0) + (1.0 - solitude) * (1.0 - night) * max(0.0, 1.0 - dot(b, b) * 140.0));
    // Alone, nothing lives on their half; cut, nothing lives along the river.
    next.y *= 1.0 - 0.06 * solitude * smoothstep(-0.02, 0.16, p.x + 0.12 * cos(6.2832 * p.y * 0.8));
    next.y *= 1.0 - 0.10 * rupture * smoothstep(0.085, 0.055, abs(p.x + 0.10 * cos(6.2832 * p.y * 0.8)));
    return vec4(clamp(next, 0.0, 1.0), 0.0, 1.0);
}

void main() {
    vec2 uv = isf_FragNormCoord;
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    if (PASSINDEX < 3) { gl_FragColor = step_(uv, aspect); return; }
    if (PASSINDEX == 3) {
        vec2 e = 1.0 / RENDERSIZE;
        float l = IMG_NORM_PIXEL(skin, uv - vec2(e.x, 0.0)).g, r = IMG_NORM_PIXEL(skin, uv + vec2(e.x, 0.0)).g;
        float d = IMG_NORM_PIXEL(skin, uv - vec2(0.0, e.y)).g, u = IMG_NORM_PIXEL(skin, uv + vec2(0.0, e.y)).g;
        gl_FragColor = vec4(r - l, u - d, 0.4 * IMG_NORM_PIXEL(skin, uv).g + 0.15 * (l + r + d + u), 1.0);
        return;
    }
    vec2 p = (uv - 0.5) * vec2(aspect, 1.0);
    vec3 seen = IMG_NORM_PIXEL(look, uv).rgb;
    float v = seen.z;
    vec2 slope = seen.xy * (1.0 + 5.0 * relief) * 0.8;

    // Glazed porcelain: a low lamp at the left for us, a tall window at the right for them.
    vec3 normal = normalize(vec3(-slope, 0.55));
    vec2 lamp = vec2(-0.62 * min(aspect, 1.6), 0.42), window = vec2(0.70 * min(aspect, 1.6), 0.30);
    vec3 la = normalize(vec3(lamp - p, 0.42)), lb = normalize(vec3(window - p, 0.55));
    float river = p.x + 0.12 * cos(6.2832 * p.y * 0.8);
    float side = smoothstep(-0.30, 0.30, river), there = smoothstep(-0.10, 0.20, river);
    float body = smoothstep(0.09, 0.25, v);
    float asleep = night * there, gone = solitude * there;

    vec3 ground = mix(vec3(0.400, 0.110, 0.085), vec3(0.026, 0.180, 0.225), side);
    vec3 low = mix(vec3(0.76, 0.25, 0.13), vec3(0.06, 0.42, 0.46), side), high = mix(vec3(1.00, 0.80, 0.52), vec3(0.78, 0.93, 0.84), side);
    vec3 stone = mix(vec3(0.30, 0.32, 0.33), vec3(0.62, 0.63, 0.62), noise(p * 34.0) * 0.5 + noise(p * 9.0) * 0.5);
    ground = mix(ground, stone, 0.9 * gone);
    ground = mix(ground, mix(vec3(0.72, 0.68, 0.62), vec3(0.60, 0.58, 0.55), noise(p * vec2(26.0, 40.0))), rupture * smoothstep(0.12, 0.04, abs(p.x + 0.10 * cos(6.2832 * p.y * 0.8))));
    vec3 glaze = mix(low, high, smoothstep(0.16, 0.36, v));
    vec3 col = mix(ground, glaze, body);

    float fa = 1.0 / (1.0 + dot(p - lamp, p - lamp) * 0.9), fb = (1.0 / (1.0 + dot(p - window, p - window) * 0.9)) * (1.0 - 0.60 * night) * (1.0 - 0.45 * solitude);
    vec3 light = vec3(0.10, 0.10, 0.12) + vec3(1.25, 0.98, 0.70) * fa * max(0.0, dot(normal, la)) + vec3(0.72, 1.02, 1.12) * fb * max(0.0, dot(normal, lb));
    // Hollows are dark because little light finds them.
    light *= 0.62 + 0.38 * smoothstep(0.0, 0.22, v);
    col *= light * 1.25 * (1.0 - 0.20 * asleep);
    float ga = max(0.0, dot(normal, normalize(la + vec3(0.0, 0.0, 1.0)))), gb = max(0.0, dot(normal, normalize(lb + vec3(0.0, 0.0, 1.0))));
    ga *= ga; ga *= ga; ga *= ga; ga *= ga; ga *= ga; gb *= gb; gb *= gb; gb *= gb; gb *= gb; gb *= gb;
    col += (vec3(1.0, 0.86, 0.62) * ga * fa + vec3(0.80, 0.96, 1.0) * gb * fb) * (0.12 + 0.42 * body);

    // Asleep: what lives on our side keeps a light of its own; theirs is blue and barely moves.
    col = mix(col, vec3(dot(col, vec3(0.30, 0.59, 0.11))) * vec3(0.42, 0.60, 1.00), 0.85 * asleep);
    col += vec3(1.0, 0.46, 0.14) * body * night * (1.0 - there) * (0.14 + 0.06 * cos(6.2832 * (TIME / 9.0 + p.x)));
    vec2 a = p - (hand - 0.5) * vec2(aspect, 1.0), b = p - (hand_twin - 0.5) * vec2(aspect, 1.0);
    col += col * (vec3(1.0, 0.70, 0.36) / (1.0 + dot(a, a) * 40.0) + vec3(0.4, 0.9, 1.0) * (1.0 - gone) * (1.0 - night) / (1.0 + dot(b, b) * 40.0)) * 0.55;
    gl_FragColor = vec4(col / (0.92 + 0.20 * col), 1.0);
}
