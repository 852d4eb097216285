#version 300 es
precision highp float;
in vec2 vUv;
layout(location = 0) out vec4 outColor;
uniform vec3 iResolution; uniform vec2 u_resolution;
// size 5x5
// expect 0,0: 25 230 255 255
void main() { outColor = vec4(vUv, iResolution.z * u_resolution.x / 5.0, 1.0); }
