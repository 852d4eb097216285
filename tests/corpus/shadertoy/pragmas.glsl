#iChannel0 "file://half.png"
#iChannel0::WrapMode "Repeat"
#iChannel1 "self"
#iUniform float speed = 0.2 in { 0.0, 2.0 }
// frames 2
// expect 0,0: 102 51 51 255
// half.png is (102, 0, 0). The image's own last picture had 0.2 in blue, as it has now.
void mainImage(out vec4 c, in vec2 p) {
  c = texture(iChannel0, p); c.g = speed; c.b = iFrame == 0 ? 0.2 : texture(iChannel1, p / iResolution.xy).b;
}
