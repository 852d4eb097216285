/*{"PASSES": [{"TARGET": "a"}, {}]}*/
// size 10x5
// frames 2
// expect 0,0: 128 102 51 255
// The second pass of the second frame at 1/60 s: TIME * 30 = 0.5: 128; (PASSINDEX 1 + FRAMEINDEX 1) / 5 = 0.4: 102;
// RENDERSIZE.x / 50 = 0.2: 51. The month is 6, the day 7: alpha (6 + 7) / 13 = 1.
void main() {
  gl_FragColor = vec4(TIME * 30.0, float(PASSINDEX + FRAMEINDEX) / 5.0, RENDERSIZE.x / 50.0, (DATE.y + DATE.z) / 13.0);
}
