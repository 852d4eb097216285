/*{"INPUTS": [
  {"NAME": "a", "TYPE": "float", "MIN": 1, "DEFAULT": 0.2}, {"NAME": "b", "TYPE": "float", "MIN": 0, "MAX": 0.4, "DEFAULT": 9},
  {"NAME": "c", "TYPE": "color"}, {"NAME": "d", "TYPE": "color", "DEFAULT": [0.2, 0.2, 0.2]},
  {"NAME": "l", "TYPE": "long", "MIN": 0, "MAX": 3, "DEFAULT": 5}, {"NAME": "p", "TYPE": "point2D", "MIN": [0, 0], "MAX": [1, 1], "DEFAULT": [2, 0]}]}*/
// expect 0,0: 51 102 0 255
// warns 2
// What is told: the shape of d, and that b was clamped.
// MIN without MAX counts for nothing: 0 .. 1, so a is 0.2: 51. b is clamped to 0.4: 102. A colour without DEFAULT, or
// with one of three numbers, is 0 0 0 0. A long's and a point's defaults are not clamped: alpha (5 + 2) / 7 = 1.
void main() { gl_FragColor = vec4(a, b, c.r + d.r + c.a + d.a, (float(l) + p.x) / 7.0); }
