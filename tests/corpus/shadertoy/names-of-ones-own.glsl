// expect 0,0: 51 102 153 255
// ISF's names mean nothing here, and parameters may bear Shadertoy's.
#define TIME 0.2
float RENDERSIZE = 0.4;
float at(float iTime, vec3 iResolution) { return iTime * iResolution.x; }
void mainImage(out vec4 c, vec2 p) { c = vec4(TIME, RENDERSIZE, at(0.3, vec3(2.0)), 1.0); }
