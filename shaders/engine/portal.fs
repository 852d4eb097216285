/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Somebody on the other shore: a breathing figure of light, or their picture where there is one.",
  "CREDIT": "Jumelage",
  "CATEGORIES": ["Engine"],
  "INPUTS": [
    {"NAME": "picture", "TYPE": "image"},
    {"NAME": "light", "LABEL": "Light", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.75},
    {"NAME": "presence_twin", "LABEL": "Somebody is there", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "nearness", "LABEL": "Nearness", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4},
    {"NAME": "solitude", "LABEL": "Solitude", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0},
    {"NAME": "warm", "LABEL": "Warm light", "TYPE": "color", "DEFAULT": [0.98, 0.62, 0.36, 1.0]},
    {"NAME": "cool", "LABEL": "Cool light", "TYPE": "color", "DEFAULT": [0.22, 0.52, 0.62, 1.0]}
  ]
}*/

// It stands in for a camera that is not there, so it must look like somebody and like nobody: no face, no edge that
// stays, nothing that blinks. A breath takes seven seconds. Solitude lets it drift apart into the mist it came from.

float hash(vec2 p) {
    p = fract(p * vec2(0.1031, 0.1030));
    p += dot(p, p.yx + 33.33);
    return fract((p.x + p.y) * p.x);
}

float noise(vec2 p) {
    vec2 i = floor(p), f = fract(p);
    f = f * f * f * (f * (f * 6.0 - 15.0) + 10.0);
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x), mix(hash(i + vec2(0.0, 1.0)), hash(i + 1.0), f.x), f.y);
}

float mist(vec2 p) {
    float sum = 0.0, part = 0.5;
    for (int i = 0; i < 4; i++) {
        sum += part * noise(p);
        p = mat2(0.8, 0.6, -0.6, 0.8) * p * 2.03 + 7.1;
        part *= 0.5;
    }
    return sum;
}

// How far p is outside the figure (below zero inside): head, neck and shoulders run into each other like one body.
float round_(float a, float b, float k) {
    float h = clamp(0.5 + 0.5 * (b - a) / k, 0.0, 1.0);
    return mix(b, a, h) - k * h * (1.0 - h);
}

float figure(vec2 p, float breath) {
    vec2 head = (p - vec2(0.012 * sin(TIME * 0.23), 0.172 + 0.006 * breath)) / vec2(0.090, 0.118);
    float away = (length(head) - 1.0) * 0.098;
    vec2 neck = abs(p - vec2(0.0, 0.045)) - vec2(0.022, 0.080);
    away = round_(away, length(max(neck, 0.0)) + min(max(neck.x, neck.y), 0.0) - 0.014, 0.045);
    // Shoulders that slope, and below them no end.
    vec2 body = vec2(max(abs(p.x) - 0.085 - 0.008 * breath, 0.0), max(p.y + 0.190 - 0.008 * breath, 0.0));
    return round_(away, length(body * vec2(1.0, 1.10)) - 0.150, 0.085);
}

vec4 theirs(vec2 at) {
    vec2 size = IMG_SIZE(picture);
    vec2 ratio = RENDERSIZE / size;
    return IMG_NORM_PIXEL(picture, (at - 0.5) * ratio / max(ratio.x, ratio.y) + 0.5);
}

void main() {
    vec2 p = (gl_FragCoord.xy - 0.5 * RENDERSIZE) / min(RENDERSIZE.x, RENDERSIZE.y) + vec2(0.0, 0.06);
    float breath = sin(TIME * 0.9) * (0.7 + 0.3 * sin(TIME * 0.13));
    // The air moves slowly upwards; close to the outline it carries the outline with it.
    vec2 air = p * 2.4 + vec2(0.06 * sin(TIME * 0.07), -TIME * 0.055);
    float slow = mist(air + mist(air * 0.7 + TIME * 0.03) * 1.6);
    float fine = mist(p * 7.0 + vec2(slow * 2.2, -TIME * 0.11));
    float loose = mix(0.050, 0.34, solitude * solitude);
    float away = figure(p + (vec2(slow, fine) - 0.47) * loose, breath) + (fine - 0.47) * loose * 0.6;
    float inside = smoothstep(0.040 + 0.12 * solitude, -0.120, away);
    float rim = exp(-abs(away + 0.010) * mix(26.0, 13.0, solitude));
    float halo = exp(-max(away, 0.0) * mix(7.0, 4.0, nearness));
    // Light gathers in the chest and rises and falls with the breath.
    vec2 chest = p + vec2(0.0, 0.150);
    float heart = exp(-dot(chest, chest * vec2(2.0, 1.2)) * 20.0) * (0.80 + 0.20 * breath);
    float veins = smoothstep(0.32, 0.70, slow) * (0.30 + 0.90 * fine);
    vec3 near = mix(cool.rgb, warm.rgb, clamp(0.30 + 0.45 * nearness + 0.40 * heart - 0.55 * solitude, 0.0, 1.0));
    float life = light * (0.60 + 0.40 * clamp(presence_twin, 0.0, 1.0)) * (1.0 - 0.35 * solitude);
    vec3 col = mix(vec3(0.007, 0.011, 0.020), vec3(0.020, 0.030, 0.044), smoothstep(-0.7, 0.6, p.y) * slow * 1.6);
    col += cool.rgb * halo * halo * (0.06 + 0.26 * slow) * (0.30 + 0.70 * life);
    vec3 body = near * inside * (0.10 + 0.42 * veins + 0.60 * heart) * (0.08 + 0.92 * life);
    body += mix(cool.rgb, vec3(1.0), 0.15) * rim * (0.05 + 0.95 * fine * slow) * (0.22 + 0.78 * life);
    // Below the chest it sinks back into the dark.
    col += body * mix(0.10, 1.0, smoothstep(-0.58, -0.12, p.y));
    // Whoever is near has a second light at their side, as far off as the two are apart.
    vec2 side = p - vec2(mix(0.62, 0.34, nearness), 0.02 + 0.02 * sin(TIME * 0.31));
    col += warm.rgb * nearness * light * (0.20 + 0.04 * breath) * (0.4 + slow) / pow(1.0 + dot(side, side) * 70.0, 1.5);
    // The figure fades where the picture ends, so that it is never cut by it.
    col *= 1.0 - 0.55 * smoothstep(0.20, 0.62, length(p * vec2(0.8, 1.0)));
    if (IMG_SIZE(picture).x > 1.0) {
        vec4 seen = theirs(gl_FragCoord.xy / RENDERSIZE);
        float edge = 1.0 - smoothstep(0.30, 0.56, length(p * vec2(0.8, 1.0)) + (slow - 0.47) * 0.20);
        col = mix(col, seen.rgb, seen.a * edge * light * (1.0 - 0.6 * solitude));
    }
    col += (hash(gl_FragCoord.xy + fract(TIME) * 61.0) - 0.5) / 255.0;
    gl_FragColor = vec4(col, 1.0);
}
