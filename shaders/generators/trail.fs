/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A long exposure of two hands: what each has drawn stays a while as light, and where the paths cross they glow.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Drawing"],
  "INPUTS": [
    {"NAME": "hand", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.36, 0.52],
     "LABEL": {"en": "The hand here", "fr": "La main ici"}},
    {"NAME": "hand_twin", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.64, 0.48],
     "LABEL": {"en": "The hand there", "fr": "La main là-bas"}},
    {"NAME": "wander", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.7,
     "LABEL": {"en": "How far each wanders by itself", "fr": "Combien chacune erre d'elle-même"}},
    {"NAME": "memory", "TYPE": "float", "MIN": 1.0, "MAX": 60.0, "DEFAULT": 30.0,
     "LABEL": {"en": "Seconds the light stays", "fr": "Secondes que la lumière reste"}},
    {"NAME": "width", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4,
     "LABEL": {"en": "Width of the brush", "fr": "Largeur du pinceau"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: ours alone, and theirs as a faint old line", "fr": "Solitude : la nôtre seule, la leur en vieux trait pâle"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: theirs is only embers", "fr": "Nuit : la leur n'est que braises"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: chalk on slate, and a line neither crosses", "fr": "Rupture : de la craie sur l'ardoise, et un trait qu'aucune ne franchit"}}
  ],
  "PASSES": [
    {"TARGET": "plate", "PERSISTENT": true, "FLOAT": true, "WIDTH": "floor(360*$WIDTH/$HEIGHT)", "HEIGHT": "360"},
    {"TARGET": "glow", "FLOAT": true, "WIDTH": "floor(90*$WIDTH/$HEIGHT)", "HEIGHT": "90"},
    {}
  ]
}*/

// Red keeps our hand's path, green theirs, blue the place where both have been. Each frame adds one short stroke,
// from where the hand was to where it is; the buffer's own corner remembers where that was (its first pixels).
// A hand that stays still would leave only a dot, so each also wanders, as a hand that listens does.

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

// Where a hand is at time t: a slow figure of three circles whose times never meet. All periods divide an hour.
vec2 where(float t, bool ours, vec2 shape) {
    float s = 6.2831853 * t;
    vec2 c = ((ours ? hand : hand_twin) - 0.5) * shape;
    vec2 w = ours ? vec2(cos(s / 15.0) + 0.62 * cos(s / 8.0 + 1.0) + 0.6 * cos(s / 40.0), sin(s / 12.0) + 0.50 * sin(s / 6.0 + 1.0) + 0.6 * sin(s / 50.0))
                  : vec2(-cos(s / 16.0) + 0.62 * cos(s / 9.0 + 2.0) + 0.6 * cos(s / 45.0 + 1.0), sin(s / 10.0 + 2.0) - 0.50 * sin(s / 7.2) + 0.6 * sin(s / 60.0));
    return c + w * wander * vec2(0.185 * min(shape.x, 1.5), 0.235);
}

// Light of one stroke on p. A slow brush is broad and bright; a quick one is drawn thin.
float stroke(vec2 p, vec2 a, vec2 b, float speed) {
    vec2 e = b - a, v = p - a;
    float t = clamp(dot(v, e) / max(dot(e, e), 1e-8), 0.0, 1.0);
    vec2 o = v - e * t;
    float w = (0.0026 + 0.0115 * width) / (0.55 + speed * 1.6);
    float d = dot(o, o) / (w * w);
    return min(1.0, 1.25 / (0.75 + speed)) / (1.0 + d * d);
}

void main() {
    vec2 uv = isf_FragNormCoord;
    vec2 shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    vec2 p = (uv - 0.5) * shape;

    if (PASSINDEX == 0) {
        float dt = clamp(TIMEDELTA, 0.001, 0.05);
        vec4 was = IMG_NORM_PIXEL(plate, uv);
        vec2 nowA = where(TIME, true, shape), nowB = where(TIME, false, shape);
        vec2 corner = floor(gl_FragCoord.xy);
        if (corner.y < 1.0 && corner.x < 2.0) {           // not a picture: a note of where each hand is
            gl_FragColor = vec4(corner.x < 1.0 ? nowA : nowB, 0.0, 1.0);
            return;
        }
        vec3 light = was.rgb * exp2(-dt * 3.0 / memory);
        if (FRAMEINDEX == 0) {
            // The plate was opened a while ago: what the hands have drawn since is worked out once.
            light = vec3(0.0);
            vec2 a = nowA, b = nowB;
            for (int i = 1; i <= 64; i++) {
                float ago = float(i) * 0.32;
                vec2 a2 = where(TIME - ago, true, shape), b2 = where(TIME - ago, false, shape);
                float fade = exp2(-ago * 3.0 / memory);
                light.r = max(light.r, fade * stroke(p, a2, a, length(a2 - a) / 0.32));
                light.g = max(light.g, fade * stroke(p, b2, b, length(b2 - b) / 0.32));
                a = a2; b = b2;
            }
        } else {
            vec2 px = 1.0 / RENDERSIZE;
            vec2 a = IMG_NORM_PIXEL(plate, 0.5 * px).xy, b = IMG_NORM_PIXEL(plate, vec2(1.5, 0.5) * px).xy;
            float there = (1.0 - 0.65 * solitude);
            light.r = max(light.r, stroke(p, a, nowA, length(nowA - a) / dt));
            light.g = max(light.g, there * stroke(p, b, nowB, length(nowB - b) / dt));
        }
        light.b = max(light.b, light.r * light.g);
        // Cut: neither crosses the middle. What is on the wrong side is wiped off.
        float side = p.x + 0.01 * cos(12.0 * p.y);
        light.r *= 1.0 - rupture * (FRAMEINDEX == 0 ? 1.0 : 0.2) * smoothstep(-0.012, 0.004, side);
        light.g *= 1.0 - rupture * (FRAMEINDEX == 0 ? 1.0 : 0.2) * smoothstep(0.012, -0.004, side);
        gl_FragColor = vec4(light, 1.0);
        return;
    }

    vec2 e = 1.0 / vec2(360.0 * shape.x, 360.0);
    if (PASSINDEX == 1) {
        // The wide glow of what is bright, on a coarse grid: eight looks, half of them near, half far.
        vec3 sum = vec3(0.0);
        for (int i = 0; i < 8; i++) {
            float turn = 0.7854 * float(i), r = i - 2 * (i / 2) == 0 ? 5.0 : 13.0;
            sum += IMG_NORM_PIXEL(plate, max(uv + vec2(cos(turn), sin(turn)) * r * e, 2.5 * e)).rgb;
        }
        gl_FragColor = vec4(sum / 8.0, 1.0);
        return;
    }
    vec3 s = IMG_NORM_PIXEL(plate, max(uv, 2.5 * e)).rgb;
    vec3 soft = IMG_NORM_PIXEL(glow, uv).rgb;
    vec2 a = p - IMG_NORM_PIXEL(plate, 0.5 * e).xy, b = p - IMG_NORM_PIXEL(plate, vec2(1.5, 0.5) * e).xy;
    float east = smoothstep(-0.6, 0.6, p.x / max(shape.x, 1.0) * 1.6);

    // A dark room: plum on our side, petrol on theirs, a floor that takes a little of the light.
    vec3 room = mix(vec3(0.052, 0.022, 0.040), vec3(0.006, 0.036, 0.052), east) * (1.15 - 1.1 * dot(p, p) / (0.25 + 0.25 * shape.x * shape.x));
    room *= 1.0 - 0.35 * night;
    float floor_ = smoothstep(-0.22, -0.5, p.y);
    float haze = noise(p * 3.0 + vec2(TIME * 0.02, 0.0)) * 0.6 + noise(p * 7.0 - vec2(TIME * 0.03, 0.0)) * 0.4;
    float g = s.g * (1.0 - 0.60 * solitude), gs = soft.g * (1.0 - 0.75 * solitude);

    // Young light is white-hot, old light cools to its city's colour.
    vec3 amber = mix(vec3(0.80, 0.15, 0.07), mix(vec3(1.0, 0.55, 0.16), vec3(1.0, 0.93, 0.78), smoothstep(0.55, 1.0, s.r)), smoothstep(0.04, 0.55, s.r));
    vec3 sea = mix(vec3(0.05, 0.22, 0.52), mix(vec3(0.12, 0.72, 0.74), vec3(0.86, 1.0, 0.95), smoothstep(0.55, 1.0, g)), smoothstep(0.04, 0.55, g));
    sea = mix(sea, vec3(0.46, 0.10, 0.08) * (0.7 + 0.5 * haze), night * 0.9);
    vec3 col = room * (0.8 + 0.4 * haze) + amber * s.r * 1.25 + sea * g * 1.25 * (1.0 - 0.45 * night);
    col += vec3(0.95, 0.36, 0.12) * soft.r * (0.34 + 0.25 * haze) + vec3(0.07, 0.46, 0.52) * gs * (0.34 + 0.25 * haze) * (1.0 - 0.8 * night);
    col += vec3(1.0, 0.92, 0.74) * (s.b * 1.5 + soft.b * 0.8) * (1.0 - solitude) * (1.0 - night);
    float lit = 1.0 - 0.8 * rupture, there = (1.0 - solitude) * (1.0 - 0.85 * night) * lit;
    col += vec3(1.0, 0.62, 0.28) * lit * (0.50 / (1.0 + dot(a, a) * 1600.0) + 0.075 / (1.0 + dot(a, a) * 22.0)) + vec3(0.34, 0.92, 0.90) * there * (0.50 / (1.0 + dot(b, b) * 1600.0) + 0.075 / (1.0 + dot(b, b) * 22.0));
    // In the floor both lights lie as one long shine.
    vec2 fa = vec2(a.x * 3.0, 1.0), fb = vec2(b.x * 3.0, 1.0);
    col += floor_ * (vec3(0.30, 0.13, 0.05) * lit / dot(fa, fa) + vec3(0.03, 0.17, 0.18) * there / dot(fb, fb)) * (0.5 + haze);
    col = col / (0.90 + 0.28 * col);

    // Cut: a slate. The same lines in chalk, without any light of their own.
    float grain = noise(p * vec2(230.0, 260.0)), dust = noise(p * vec2(4.0, 9.0) + 3.0);
    vec3 slate = mix(vec3(0.165, 0.165, 0.172), vec3(0.125, 0.148, 0.156), east) * (0.86 + 0.22 * dust + 0.06 * grain);
    float chalkA = smoothstep(0.10, 0.50, s.r * (0.45 + 0.9 * grain)), chalkB = smoothstep(0.10, 0.50, g * (0.45 + 0.9 * grain));
    slate = mix(slate, vec3(0.93, 0.80, 0.66), chalkA * 0.88);
    slate = mix(slate, vec3(0.74, 0.86, 0.86), chalkB * 0.88);
    slate += 0.10 * (soft.r + gs);
    float line = abs(p.x + 0.01 * cos(12.0 * p.y));
    slate = mix(slate, vec3(0.88, 0.87, 0.84), smoothstep(0.0036, 0.0016, line) * smoothstep(0.30, 0.60, grain + 0.15));
    gl_FragColor = vec4(mix(col, slate, rupture), 1.0);
}
