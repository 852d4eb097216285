#version 450
// size 5x5
// expect 0,0: 25 230 0 255
layout(location = 0) in vec2 uv;
layout(location = 3) uniform float u_time;
layout(location = 0) out vec4 color;
void main() { color = vec4(uv, u_time, 1.0); }
