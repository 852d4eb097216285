/*{"INPUTS": [
  {"NAME": "f", "TYPE": "float", "MIN": 0, "MAX": 0.8},
  {"NAME": "b", "TYPE": "bool"}, {"NAME": "l", "TYPE": "long", "VALUES": [3, 5], "LABELS": ["three", "five"], "DEFAULT": 5},
  {"NAME": "i", "TYPE": "int", "DEFAULT": 2}, {"NAME": "e", "TYPE": "event"},
  {"NAME": "p", "TYPE": "point2D", "DEFAULT": [0.2, 0.4]}, {"NAME": "q", "TYPE": "point3D", "DEFAULT": [0.2, 0.4, 0.6]},
  {"NAME": "c", "TYPE": "color", "DEFAULT": [0, 0, 0.2, 1]}]}*/
// expect 0,0: 102 204 204 255
// A float without DEFAULT is the middle of 0 .. 0.8, 0.4: red 102. Green: 5 + 2 + 1 (the bool is true) = 8 of 10: 204.
// Blue: p.x 0.2 + q.y 0.4 + c.b 0.2 = 0.8: 204. The event is false, so alpha is 1.
void main() {
  gl_FragColor = vec4(f, float(l + i + int(b)) / 10.0, p.x + q.y + c.b, e ? 0.0 : 1.0);
}
