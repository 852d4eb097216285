/*{"INPUTS": [{"NAME": "n", "TYPE": "long", "DEFAULT": 3}]}*/
// expect 0,0: 51 102 153 255
// What Mesa takes: whole numbers where broken ones are meant.
void out_of(in float x, out float y, inout float z) { y = x; z += 1; }
void main() {
  float a = 1, b, c = 0; out_of(n, b, c);
  vec3 v = vec3(1, 2, n) / 5; v *= max(1, c); v = clamp(v, 0, 1);
  gl_FragColor = vec4(v, b > 2 ? 1 : 0);
}
