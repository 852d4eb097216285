/*{"INPUTS": [{"NAME": "sound", "TYPE": "audio"}, {"NAME": "fft", "TYPE": "audioFFT", "MAX": 256}, {"NAME": "im", "TYPE": "image"}]}*/
// expect 0,0: 51 0 0 255
// What nobody feeds is one opaque black pixel: the size 1 × 1 is 0.2 of 5.
void main() {
  gl_FragColor = vec4(IMG_SIZE(sound).x / 5.0, 0.0, 0.0, 0.0) + IMG_NORM_PIXEL(sound, vec2(0.5)) + IMG_PIXEL(fft, vec2(0.0))
    - IMG_NORM_PIXEL(im, vec2(0.2));
}
