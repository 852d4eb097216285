#ifdef GL_ES
precision mediump float;
#endif
uniform vec2 u_resolution; uniform vec2 u_mouse;
uniform float u_time, u_own;
uniform int u_frame; uniform vec4 u_date; uniform float u_delta;
// size 10x5
// frames 2
// expect 0,0: 13 230 51 255
// As before; u_frame is 1 of 5; a uniform that nobody knows is 0.
void main() { vec2 st = gl_FragCoord.xy / u_resolution.xy; gl_FragColor = vec4(st, float(u_frame) / 5.0 + u_own + u_mouse.x, 1.0); }
