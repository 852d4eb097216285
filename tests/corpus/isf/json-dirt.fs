/*
{ // a note
  "CREDIT": "tab	here", /* and another */
  "CATEGORIES": ["a",],
  "INPUTS": [{"NAME": "f", "TYPE": "float", "DEFAULT": .2, "DEFAULT": .4,},],
  "PASSES": null,
}*/
// expect 0,0: 102 0 0 255
// Of two keys the last counts: 0.4 is 102.
void main() { gl_FragColor = vec4(f, 0.0, 0.0, 1.0); }
