uniform vec2 iResolution; uniform vec3 u_resolution; uniform float u_frame; uniform vec4 u_mouse; uniform float iTime;
// size 5x5
// frames 2
// expect 0,0: 255 51 0 255
void main() { gl_FragColor = vec4(iResolution.x / u_resolution.y, u_frame / 5.0, u_mouse.z * iTime, u_resolution.z); }
