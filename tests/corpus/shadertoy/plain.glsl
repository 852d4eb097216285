// size 10x5
// frames 2
// expect 0,0: 13 230 128 255
// expect 9,4: 242 26 128 255
// The first centre is 0.5 of 10, the top row 4.5 of 5; iTime is 1/60. Alpha is always 1.
void mainVR(out vec4 c, in vec2 p, in vec3 o, in vec3 d) { c = vec4(0.0); }
void mainImage(out vec4 fragColor, in vec2 fragCoord) {
  vec2 uv = fragCoord / iResolution.xy;
  float same = iTime == iGlobalTime && iFrame == 1 && iMouse == vec4(0.0) && iDate.y == 5.0 ? iTime * 30.0 : 0.0;
  fragColor = vec4(uv, same, 0.3);
}
