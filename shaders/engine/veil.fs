/*{
    "DESCRIPTION": "The veil: what a wall shows while the house has drawn a curtain over the work. Calm, not a failure.",
    "CREDIT": "Jumelage",
    "CATEGORIES": ["Engine"]
}*/

float fold(vec2 p, float slow) {
    float f = sin(p.x * 5.0 + 1.8 * sin(p.y * 1.3 + slow) + slow * 0.6);
    f += 0.6 * sin(p.x * 11.0 - 1.1 * sin(p.y * 2.1 - slow * 0.8));
    return f / 1.6;
}

float grain(vec2 p) {
    return fract(52.9829189 * fract(dot(p, vec2(0.06711056, 0.00583715)))) - 0.5;
}

void main() {
    vec2 p = (isf_FragNormCoord - vec2(0.5, 0.0)) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    float slow = TIME * 0.11;
    float cloth = 0.5 + 0.5 * fold(p, slow);
    float light = smoothstep(1.25, 0.15, length(p - vec2(0.22 * sin(slow * 0.9), 0.62)));
    vec3 color = mix(vec3(0.024, 0.024, 0.046), vec3(0.165, 0.128, 0.215), cloth * light);
    color += vec3(0.150, 0.085, 0.070) * pow(cloth, 5.0) * light;
    gl_FragColor = vec4(color + grain(gl_FragCoord.xy) / 255.0, 1.0);
}
