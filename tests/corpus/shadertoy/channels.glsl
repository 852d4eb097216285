// image iChannel0 quarters.png
// expect 0,0: 255 102 0 255
// The picture's red; its size 2 of 5; what is not fed is black.
void mainImage(out vec4 c, vec2 p) {
  c = texture(iChannel0, vec2(0.25, 0.75)) + vec4(texture(iChannel1, p).rgb, 0.0);
  c.g = iChannelResolution[0].x / 5.0 + iChannelTime[0];
}
