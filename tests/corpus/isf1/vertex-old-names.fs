/*{}*/
// size 4x4
// expect 0,0: 32 223 51 255
// gl_Vertex counts pixels: x 0.5 of 4 is 0.125 (31.9) at the first centre, y 3.5 of 4 is 0.875 (223.1). The constant is 0.2.
varying vec4 old;
varying vec2 same;
varying float tint;
void main() { gl_FragColor = vec4(old.x / 4.0, same.y, tint, 1.0); }
