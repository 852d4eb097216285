// expect 0,0: 102 51 0 255
// A macro that is made of the name that it hides; a place for an input, which 3.30 does not know.
#define iTime (iTime + 0.4)
#define iResolution vec2(0.2)
void mainImage(out vec4 c, in vec2 p) { c = vec4(iTime, iResolution.x, 0.0, 1.0); }
