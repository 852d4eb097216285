/*{"INPUTS": [{"NAME": "spread", "TYPE": "float", "DEFAULT": 0.5}]}*/
// size 4x1
// expect 0,0: 16 239 0 255
// expect 3,0: 112 255 0 255
// left is clamp(x - 0.5) at the corners, 0 and 0.5, and runs evenly between them: 0.125 × 0.5 at the first centre
// (15.9), 0.875 × 0.5 at the last (111.6). right is 0.875 + x / 2: 0.9375 (239.1) and more than 1.
varying vec2 left_coord;
varying float right;
void main() { gl_FragColor = vec4(left_coord.x, right, 0.0, 1.0); }
