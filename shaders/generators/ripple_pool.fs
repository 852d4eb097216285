/*{
  "ISFVSN": "2",
  "DESCRIPTION": "One pool with a tiled floor, from above. A touch in either city makes a ring, and the rings cross.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Water"],
  "INPUTS": [
    {"NAME": "touch", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.3, 0.6],
     "LABEL": {"en": "Where we touch the water", "fr": "Où nous touchons l'eau"}},
    {"NAME": "touch_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.72, 0.38],
     "LABEL": {"en": "Where they touch the water", "fr": "Où ils touchent l'eau"}},
    {"NAME": "press", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "How hard we touch", "fr": "Combien nous appuyons"}},
    {"NAME": "press_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "How hard they touch", "fr": "Combien ils appuient"}},
    {"NAME": "calm", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35,
     "LABEL": {"en": "How soon the water rests", "fr": "Combien vite l'eau se repose"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: the far side lies still and dark", "fr": "Solitude : l'autre rive est immobile et sombre"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: the pool holds a moon", "fr": "Nuit : le bassin tient une lune"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: a dry wall crosses the pool", "fr": "Rupture : un mur sec traverse le bassin"}}
  ],
  "PASSES": [
    {"TARGET": "water", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(200*$WIDTH/$HEIGHT)", "HEIGHT": "200"},
    {"TARGET": "water", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(200*$WIDTH/$HEIGHT)", "HEIGHT": "200"},
    {"TARGET": "look", "FLOAT": true, "WIDTH": "floor(200*$WIDTH/$HEIGHT)", "HEIGHT": "200"},
    {}
  ]
}*/

// The water is really computed: red is its height, green its speed, on a grid of 200 rows, so that the rings are
// the same on a phone and on a wall. Two steps a frame; the third pass takes the slope there,
// and the fourth looks through the water at what the bent light does to the floor. Red and green start from rest: the first frame holds a few rings already.

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

float drop(vec2 p, vec2 at, float r) { vec2 d = (p - at) / r; float k = max(0.0, 1.0 - dot(d, d)); return k * k; }

// A finger that rests on water trembles: it sends a ring every few seconds, soft at both ends.
float beat(float period, float when) {
    float f = fract(TIME / period + when);
    return max(0.0, 1.0 - f * 9.0) * f * 9.0 * 4.0;
}

vec4 step_(vec2 uv, float aspect) {
    vec2 e = 1.0 / RENDERSIZE;
    vec2 here = IMG_NORM_PIXEL(water, uv).rg;
    vec2 p = uv * vec2(aspect, 1.0);
    if (FRAMEINDEX == 0) {
        float h = 0.0;
        for (int i = 0; i < 6; i++) {
            vec2 at = vec2(hash(vec2(float(i), 1.0)) * aspect, hash(vec2(float(i), 2.0)));
            float r = length(p - at), k = 0.10 + 0.30 * hash(vec2(float(i), 3.0));
            h += 0.075 * cos((r - k) * 90.0) * exp2(-abs(r - k) * 30.0);
        }
        return vec4(h, 0.0, 0.0, 1.0);
    }
    float sum = IMG_NORM_PIXEL(water, uv + vec2(e.x, 0.0)).r + IMG_NORM_PIXEL(water, uv - vec2(e.x, 0.0)).r
              + IMG_NORM_PIXEL(water, uv + vec2(0.0, e.y)).r + IMG_NORM_PIXEL(water, uv - vec2(0.0, e.y)).r;
    float speed = here.y + (sum * 0.25 - here.x) * 0.46;
    speed *= 1.0 - mix(0.0012, 0.012, calm);
    // Alone, the far side is as thick as oil: no ring comes back from it.
    speed *= 1.0 - 0.05 * solitude * smoothstep(0.50, 0.75, uv.x);
    float h = (here.x + speed) * 0.9990;
    float alive = (1.0 - solitude) * (1.0 - 0.85 * night);
    h -= 0.090 * press * beat(3.6, 0.0) * drop(p, touch * vec2(aspect, 1.0), 0.050);
    h -= 0.090 * press_twin * alive * beat(4.0, 0.4) * drop(p, touch_twin * vec2(aspect, 1.0), 0.050);
    // Rain of one drop now and then, so that nobody finds the pool dead.
    float n = floor(TIME / 2.4);
    h -= 0.030 * beat(2.4, 0.0) * drop(p, vec2(hash(vec2(n, 7.0)) * aspect, hash(vec2(n, 8.0))), 0.036);
    // Cut: waves stop at the wall.
    float wall = step(abs(p.x - 0.5 * aspect), 0.026) * rupture;
    return vec4(vec2(h, speed) * (1.0 - wall), 0.0, 1.0);
}

void main() {
    vec2 uv = isf_FragNormCoord;
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    if (PASSINDEX < 2) { gl_FragColor = step_(uv, aspect); return; }
    if (PASSINDEX == 2) {
        vec2 e = 1.0 / RENDERSIZE;
        float l = IMG_NORM_PIXEL(water, uv - vec2(e.x, 0.0)).r, r = IMG_NORM_PIXEL(water, uv + vec2(e.x, 0.0)).r;
        float d = IMG_NORM_PIXEL(water, uv - vec2(0.0, e.y)).r, u = IMG_NORM_PIXEL(water, uv + vec2(0.0, e.y)).r;
        gl_FragColor = vec4(r - l, u - d, l + r + u + d - 4.0 * IMG_NORM_PIXEL(water, uv).r, 1.0);
        return;
    }
    vec2 p = (uv - 0.5) * vec2(aspect, 1.0);
    float px = 1.0 / RENDERSIZE.y;
    vec3 seen = IMG_NORM_PIXEL(look, uv).xyz;
    vec2 slope = seen.xy;
    float bend = seen.z;                                 // a lens: the floor is bright beneath a crest

    // The floor seen through the surface: small tiles, terracotta on our side and glass-green on theirs.
    vec2 swell = 0.003 * vec2(cos(6.2832 * (p.y * 1.7 + TIME / 12.0)), cos(6.2832 * (p.x * 1.3 - TIME / 16.0)));
    vec2 q = p - slope * 0.26 + swell;
    vec2 g = q * 26.0, cell = floor(g), f = abs(fract(g) - 0.5);
    float one = hash(cell), soft = px * 26.0 + 0.02;
    float joint = smoothstep(0.465 + soft, 0.465 - soft, max(f.x, f.y));
    float side = smoothstep(-0.16, 0.16, q.x + 0.10 * (one - 0.5));
    vec3 warm = mix(vec3(0.70, 0.34, 0.20), vec3(0.93, 0.64, 0.38), one), cool = mix(vec3(0.05, 0.33, 0.38), vec3(0.28, 0.66, 0.64), one);
    vec3 tile = mix(warm, cool, side);
    // A figure laid in the floor: two circles that share a part, as the two cities' day does.
    float figure = min(1.0, 0.10 + 0.92 * aspect);
    vec2 o = q / figure;
    float a = length(o - vec2(-0.155, 0.0)), b = length(o - vec2(0.155, 0.0));
    float laid = 1.0 - smoothstep(0.0, px * 1.5, min(abs(a - 0.27), abs(b - 0.27)) - 0.012);
    tile = mix(tile, mix(vec3(0.94, 0.88, 0.76), vec3(0.90, 0.93, 0.88), side), laid * 0.86);
    vec3 col = tile * mix(0.72, 1.0, joint);

    // Depth takes red first; light comes from above left, in slow bright nets.
    vec2 n = q * 4.2;
    float net = noise(n + vec2(TIME * 0.11, TIME * 0.05)) - noise(n * 1.15 - vec2(TIME * 0.08, -TIME * 0.07) + 9.0);
    float caustic = smoothstep(0.20, 0.0, abs(net)) * 0.30;
    float lens = -bend * 30.0;
    lens = lens / (1.0 + abs(lens) * (lens > 0.0 ? 0.6 : 1.3));
    float far = mix(1.0, 0.30, solitude * smoothstep(-0.05, 0.30, p.x));
    vec3 day = mix(vec3(0.84, 0.86, 0.82), vec3(0.70, 0.92, 0.96), smoothstep(-0.6, 0.6, p.x)) * far;
    float vignette = 1.0 - 0.55 * dot(p, p) / (0.25 + 0.25 * aspect * aspect);
    vec3 lit = col * day * vignette * (0.98 + caustic * 1.4 + lens * 1.25);
    lit = mix(lit, lit * vec3(0.86, 1.0, 1.04) + vec3(0.0, 0.030, 0.040), 0.7);
    float sky = max(0.0, slope.x * -4.0 + slope.y * 4.4);
    lit += vec3(1.0, 0.92, 0.78) * min(0.6, sky * sky * 7.0 + sky * 0.30) * far;

    // Asleep: the floor sinks out of sight, and one moon lies on the water, broken by each ring.
    vec2 m = p - vec2(0.17 * min(aspect, 1.5), 0.10) + slope * 0.55;
    float moon = smoothstep(0.105 + px, 0.105 - px - 0.002, length(m));
    float ring = max(0.0, slope.y * 2.0 - slope.x);
    vec3 dark = col * vec3(0.110, 0.170, 0.300) * vignette * (0.8 + 1.2 * lens) + vec3(0.006, 0.012, 0.030);
    dark += vec3(0.86, 0.90, 0.93) * moon * (0.80 + 0.10 * noise(m * 40.0)) + vec3(0.10, 0.15, 0.24) / (1.0 + dot(m, m) * 22.0);
    dark += vec3(0.40, 0.52, 0.66) * min(0.7, ring * 0.9 + ring * ring * 6.0);
    vec3 glow = vec3(1.0, 0.60, 0.28) / (1.0 + dot(p - (touch - 0.5) * vec2(aspect, 1.0), p - (touch - 0.5) * vec2(aspect, 1.0)) * 30.0);
    dark += glow * col * 0.55;
    lit = mix(lit, dark, night);

    // The wall: pale stone, the shadow it throws, water dark along its foot.
    float w = abs(p.x) - 0.024 * rupture;
    lit *= 1.0 - 0.55 * rupture * smoothstep(0.055, 0.0, w) * (p.x > 0.0 ? 1.0 : 0.45);
    vec3 stone = mix(vec3(0.80, 0.77, 0.72), vec3(0.70, 0.72, 0.71), smoothstep(-0.02, 0.02, p.x)) * (0.90 + 0.16 * noise(p * vec2(60.0, 26.0)));
    stone *= 1.0 - 0.25 * smoothstep(0.006, 0.0, abs(fract(p.y * 4.0) - 0.5) / 4.0);
    lit = mix(lit, stone, clamp(0.5 - w / px, 0.0, 1.0) * step(0.01, rupture));
    gl_FragColor = vec4(lit, 1.0);
}
