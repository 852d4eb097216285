/*{}*/
// expect 0,0: 51 0 0 255
// A macro over three lines, which 3.30 does not know.
#define TWICE(x) \
  ((x) * \
   2.0)
void main() { gl_FragColor = vec4(TWICE(0.1), 0.0, 0.0, 1.0); }
