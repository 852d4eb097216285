/*{
  "ISFVSN": "2",
  "DESCRIPTION": "The earth seen from above its pole, in a ring that holds the colour of every hour: two cities ride round it.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Generator", "Twin", "Clock"],
  "INPUTS": [
    {"NAME": "hour", "TYPE": "float", "MIN": 0.0, "MAX": 24.0, "DEFAULT": 19.4,
     "LABEL": {"en": "The hour here", "fr": "L'heure ici"}},
    {"NAME": "apart", "TYPE": "float", "MIN": -12.0, "MAX": 12.0, "DEFAULT": 9.0,
     "LABEL": {"en": "Hours from there to here", "fr": "Heures de là-bas à ici"}},
    {"NAME": "speed", "TYPE": "float", "MIN": 0.0, "MAX": 10.0, "DEFAULT": 0.4,
     "LABEL": {"en": "Hours that pass in a minute", "fr": "Heures qui passent en une minute"}},
    {"NAME": "pulse", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "Light of our city", "fr": "Lumière de notre ville"}},
    {"NAME": "pulse_twin", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5,
     "LABEL": {"en": "Light of their city", "fr": "Lumière de leur ville"}},
    {"NAME": "solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Solitude: their place is kept, empty", "fr": "Solitude : leur place est gardée, vide"}},
    {"NAME": "night", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Night: only our hours are lit", "fr": "Nuit : seules nos heures sont éclairées"}},
    {"NAME": "rupture", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0,
     "LABEL": {"en": "Rupture: the thread breaks, the ring slips", "fr": "Rupture : le fil casse, l'anneau glisse"}}
  ]
}*/

// Noon is above, midnight below, and the earth turns as it does, against the clock. A city is where its hour is,
// at its true distance from the pole: Paris 41 degrees, San Francisco 52. So the figure is exact, not a symbol.

float hash(vec2 p) {                       // without sine: alike on every GPU
    vec3 q = fract(p.xyx * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}

float px;                                  // one pixel, in the unit of the figure

float line(float d, float w) { return clamp((w - abs(d)) / px + 0.5, 0.0, 1.0) * min(1.0, 2.0 * w / px); }
float dot_(vec2 d, float r) { return clamp((r - length(d)) / px + 0.5, 0.0, 1.0); }
vec2 at(float h, float r) { float a = (h - 12.0) * 0.2617994; return r * vec2(-sin(a), cos(a)); }

// The colour of the air at hour h, sharpest about six and eighteen.
vec3 air(float h) {
    float d = abs(h - 12.0);                             // hours from noon
    vec3 c = mix(vec3(0.62, 0.80, 0.88), vec3(0.98, 0.86, 0.62), smoothstep(1.5, 5.0, d));
    c = mix(c, h > 12.0 ? vec3(0.96, 0.44, 0.20) : vec3(0.93, 0.55, 0.46), smoothstep(4.6, 6.2, d));
    c = mix(c, h > 12.0 ? vec3(0.34, 0.17, 0.36) : vec3(0.22, 0.22, 0.46), smoothstep(6.0, 7.3, d));
    return mix(c, vec3(0.035, 0.045, 0.115), smoothstep(7.0, 9.5, d));
}

// From one city to the other: a thread bowed towards the pole, with a spark that goes to and fro.
vec3 thread(vec2 p, vec2 a, vec2 b, float cut, float seen) {
    vec2 m = 0.30 * (a + b) * 0.5;
    float best = 10.0, where = 0.0;
    vec2 last = a;
    for (int i = 1; i <= 14; i++) {
        float t = float(i) / 14.0;
        vec2 q = mix(mix(a, m, t), mix(m, b, t), t);
        vec2 e = q - last, w = p - last;
        float k = clamp(dot(w, e) / max(dot(e, e), 1e-6), 0.0, 1.0);
        float d = length(w - e * k);
        if (d < best) { best = d; where = (float(i) - 1.0 + k) / 14.0; }
        last = q;
    }
    float gap = smoothstep(0.30, 0.34, abs(where - 0.5) + 0.36 * (1.0 - cut));
    float there = mix(1.0, smoothstep(0.75, 0.10, where), 1.0 - seen);
    float spark = (where - 0.5 - 0.5 * cos(6.2832 * TIME / 24.0)) * 9.0;
    return vec3(line(best, 0.0016) * (0.75 + 0.8 * (1.0 - cut) / (1.0 + spark * spark)) + 0.10 * exp2(-best * 90.0)) * gap * there;
}

void main() {
    float aspect = RENDERSIZE.x / RENDERSIZE.y;
    float scale = 0.96 * min(aspect * 1.08, 1.0);
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(aspect, 1.0) / scale;
    px = 1.0 / (RENDERSIZE.y * scale);

    // Cut, the two halves of the world slip against each other along the line of dawn and dusk.
    float left = step(p.x, 0.0);
    vec2 slip = p + vec2(0.0, rupture * (left * 2.0 - 1.0) * 0.035);
    float r = length(slip);
    float turned = 0.5 - atan(slip.x, slip.y) / 6.2831853;      // 0 midnight, a half noon, against the clock
    float hh = turned * 24.0;
    float now = mod(hour + TIME * speed / 60.0, 24.0), then_ = mod(now - apart + 24.0, 24.0);
    vec2 us = at(now, 0.205 * 41.0 / 66.0), them = at(then_, 0.205 * 52.0 / 66.0);
    vec2 shift = vec2(0.0, rupture * 0.035);
    us -= us.x < 0.0 ? shift : -shift;
    them -= them.x < 0.0 ? shift : -shift;

    // Space: the light comes from above, and a few orbits go out past the edge of the picture.
    float sun = 1.0 / (1.0 + dot(p - vec2(0.0, 0.75), p - vec2(0.0, 0.75)) * 2.2);
    vec3 ink = mix(vec3(0.014, 0.018, 0.044), vec3(0.010, 0.026, 0.050), smoothstep(-0.8, 0.8, p.x));
    vec3 col = ink + vec3(0.210, 0.135, 0.090) * sun * sun * (1.0 - 0.75 * night);
    vec2 g = p * 22.0;
    float star = hash(floor(g));
    vec2 o = fract(g) - 0.25 - 0.5 * vec2(fract(star * 91.0), fract(star * 57.0));
    col += vec3(0.85, 0.90, 1.0) * smoothstep(0.60, 1.0, star) * (0.10 + 0.75 * night) * smoothstep(0.40, 0.52, r) / (1.0 + dot(o, o) * 1900.0);
    for (int i = 0; i < 4; i++) {
        float k = float(i), orbit = 0.515 + 0.135 * k + 0.03 * k * k;
        float turn = fract(0.13 + 0.37 * k + TIME / (90.0 * exp2(k)));
        float behind = fract(turned - turn);
        col += vec3(0.80, 0.72, 0.58) * line(r - orbit, 0.0006) * (0.16 + 0.55 * exp2(-behind * 16.0)) * (1.0 - 0.4 * rupture);
        vec2 body = slip - at(turn * 24.0, orbit);
        float lit = smoothstep(-0.004, 0.004, body.y);
        col = mix(col, mix(vec3(0.10, 0.10, 0.15), vec3(1.0, 0.90, 0.72), lit), dot_(body, 0.0075 + 0.002 * k));
    }

    // The ring of hours. Alone or asleep only the part about our own hour keeps its colour.
    float mine = abs(mod(hh - now + 36.0, 24.0) - 12.0) / 12.0, other = abs(mod(hh - then_ + 36.0, 24.0) - 12.0) / 12.0;
    float ring = clamp((0.040 - abs(r - 0.385)) / px + 0.5, 0.0, 1.0);
    vec3 hourly = air(hh);
    float kept = 1.0 - 0.86 * night * smoothstep(0.10, 0.55, mine) - 0.55 * solitude * (1.0 - night) * smoothstep(0.45, 0.05, other);
    hourly *= kept * (0.90 + 0.10 * cos(6.2832 * (r - 0.385) * 9.0));
    float grey = dot(hourly, vec3(0.30, 0.59, 0.11));
    hourly = mix(hourly, vec3(grey) * vec3(0.96, 1.0, 1.02), 0.70 * rupture);
    float q = abs(fract(hh * 4.0 + 0.5) - 0.5) / 4.0 * 0.2617994 * r, whole = abs(fract(hh + 0.5) - 0.5) * 0.2617994 * r;
    float scored = max(line(whole, 0.0010) * step(r, 0.425) * step(0.345, r), line(q, 0.0006) * step(0.405, r) * 0.6);
    hourly = mix(hourly, hourly * 0.30 + 0.02, scored * ring);
    col = mix(col, hourly, ring);
    col += hourly * (0.22 * exp2(-abs(r - 0.385) * 26.0)) * (1.0 - ring);

    // The earth: lit above, dark below, with its meridians and parallels; the air along its edge.
    float disc = clamp((0.250 - r) / px + 0.5, 0.0, 1.0);
    float ball = sqrt(max(0.0, 1.0 - r * r * 16.0));
    float day = smoothstep(-0.10, 0.16, slip.y / 0.25 + 0.05);
    vec3 sea = mix(vec3(0.022, 0.036, 0.080), mix(vec3(0.86, 0.70, 0.50), vec3(0.50, 0.74, 0.74), smoothstep(-0.2, 0.2, slip.x)), day * (0.45 + 0.55 * ball) * (1.0 - 0.72 * night));
    sea += vec3(0.50, 0.19, 0.07) * (1.0 - night) * exp2(-abs(slip.y + 0.012) * 46.0) * 0.7;   // the line of dusk
    sea = mix(sea, vec3(dot(sea, vec3(0.30, 0.59, 0.11))), 0.75 * rupture);
    float meridian = abs(fract(hh - now + 0.5) - 0.5) * 0.2617994 * r, parallel = abs(fract(r * 24.0 + 0.5) - 0.5) / 24.0;
    float net = max(line(meridian, 0.0005) * smoothstep(0.0, 0.05, r), line(parallel, 0.0005));
    sea = mix(sea, mix(vec3(0.34, 0.40, 0.52), vec3(0.16, 0.13, 0.14), day * (1.0 - 0.8 * night)), net * 0.42);
    col = mix(col, sea, disc);
    float limb = abs(r - 0.250);
    col += mix(vec3(0.10, 0.14, 0.26), vec3(0.90, 0.66, 0.42), day * (1.0 - 0.7 * night)) * (line(limb, 0.0009) * 0.7 + 0.20 * exp2(-limb * 80.0) * step(0.25, r));

    // Each city's hand reaches from the pole through its city to its hour.
    for (int i = 0; i < 2; i++) {
        bool ours = i == 0;
        float h = ours ? now : then_, seen = ours ? 1.0 : (1.0 - solitude) * (1.0 - 0.6 * night);
        vec2 c = ours ? us : them, way = normalize(at(h, 1.0));
        float along = dot(slip, way), off = slip.x * way.y - slip.y * way.x;
        vec3 tint = ours ? vec3(1.00, 0.72, 0.36) : vec3(0.56, 0.95, 0.95);
        float strength = ours ? pulse : pulse_twin;
        float hand = line(off, 0.0011) * step(0.262, along) * step(along, 0.455);
        float tip = clamp((0.012 - abs(off) * 1.8 - abs(along - 0.452)) / px + 0.5, 0.0, 1.0);
        col = mix(col, tint, hand * 0.9 * (0.25 + 0.75 * seen));
        col = mix(col, tint, tip * (0.25 + 0.75 * seen));
        vec2 d = p - c;
        col = mix(col, vec3(0.03, 0.03, 0.05), 0.55 * dot_(d, 0.017));
        col = mix(col, tint, dot_(d, 0.0105) * seen);
        col = mix(col, tint, line(length(d) - 0.0135, 0.0011) * 0.9);
        float breath = 0.80 + 0.20 * cos(6.2832 * (TIME / 7.2 + float(i) * 0.5));
        col += tint * (seen * strength * breath * 0.55 / (1.0 + dot(d, d) * 2600.0));
    }
    vec3 tint = mix(vec3(1.0, 0.80, 0.50), vec3(0.72, 0.96, 0.92), smoothstep(-0.1, 0.1, dot(p - us, them - us) / max(dot(them - us, them - us), 1e-4) - 0.5));
    col += tint * thread(p, us, them, rupture, (1.0 - solitude) * (1.0 - 0.6 * night)) * (1.0 - 0.5 * solitude);
    gl_FragColor = vec4(col, 1.0);
}
