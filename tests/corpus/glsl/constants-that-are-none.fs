/*{"INPUTS": [{"NAME": "a", "TYPE": "float", "DEFAULT": 0.2}]}*/
// expect 0,0: 51 102 153 255
// A global and a `const` that are worked out while it runs; a real constant stays one, as the size of an array must.
float twice = a * 2.0;
const float once = a;
const int N = 3;
const float row[N] = float[N](0.1, 0.2, 0.6);
void main() { const float here = twice; float list[N]; list[2] = row[N - 1]; gl_FragColor = vec4(once, here, list[2], 1); }
