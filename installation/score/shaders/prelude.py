"""What a translated program is given before the artist's own text: functions, values, and a vertex shader. Texts only.

Each function stands on a line of its own, so that the one which an artist writes themselves can be left out.
"""

from __future__ import annotations

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "IMG_NORM_PIXEL": (
        "vec4 IMG_NORM_PIXEL(sampler2D s, vec2 p) { return texture(s, p); }",
        "vec4 IMG_NORM_PIXEL(sampler2D s, vec2 p, float b) { return texture(s, p, b); }",
    ),
    "IMG_PIXEL": (
        "vec4 IMG_PIXEL(sampler2D s, vec2 p) { return texture(s, p / vec2(textureSize(s, 0))); }",
        "vec4 IMG_PIXEL(sampler2D s, vec2 p, float b) { return texture(s, p / vec2(textureSize(s, 0)), b); }",
    ),
    "IMG_THIS_PIXEL": ("vec4 IMG_THIS_PIXEL(sampler2D s) { return texture(s, isf_FragNormCoord); }",),
    "IMG_THIS_NORM_PIXEL": ("vec4 IMG_THIS_NORM_PIXEL(sampler2D s) { return texture(s, isf_FragNormCoord); }",),
    "IMG_SIZE": (
        "vec2 IMG_SIZE(sampler2D s) { return vec2(textureSize(s, 0)); }",
        "vec2 IMG_SIZE(samplerCube s) { return vec2(textureSize(s, 0)); }",
    ),
    "isf_pixel": (
        "vec4 isf_pixel(sampler2D s, vec2 size, vec2 p) { return texture(s, p / size); }",
        "vec4 isf_pixel(sampler2D s, vec2 size, vec2 p, float b) { return texture(s, p / size, b); }",
    ),
    "texture2D": (
        "vec4 texture2D(sampler2D s, vec2 p) { return texture(s, p); }",
        "vec4 texture2D(sampler2D s, vec2 p, float b) { return texture(s, p, b); }",
    ),
    "texture2DLod": ("vec4 texture2DLod(sampler2D s, vec2 p, float l) { return textureLod(s, p, l); }",),
    "texture2DLodEXT": ("vec4 texture2DLodEXT(sampler2D s, vec2 p, float l) { return textureLod(s, p, l); }",),
    "texture2DProj": (
        "vec4 texture2DProj(sampler2D s, vec3 p) { return textureProj(s, p); }",
        "vec4 texture2DProj(sampler2D s, vec4 p) { return textureProj(s, p); }",
        "vec4 texture2DProj(sampler2D s, vec3 p, float b) { return textureProj(s, p, b); }",
        "vec4 texture2DProj(sampler2D s, vec4 p, float b) { return textureProj(s, p, b); }",
    ),
    "texture2DProjLod": (
        "vec4 texture2DProjLod(sampler2D s, vec3 p, float l) { return textureProjLod(s, p, l); }",
        "vec4 texture2DProjLod(sampler2D s, vec4 p, float l) { return textureProjLod(s, p, l); }",
    ),
    "texture2DProjLodEXT": (
        "vec4 texture2DProjLodEXT(sampler2D s, vec3 p, float l) { return textureProjLod(s, p, l); }",
        "vec4 texture2DProjLodEXT(sampler2D s, vec4 p, float l) { return textureProjLod(s, p, l); }",
    ),
    "texture2DGradEXT": (
        "vec4 texture2DGradEXT(sampler2D s, vec2 p, vec2 x, vec2 y) { return textureGrad(s, p, x, y); }",
    ),
    "texture2DGradARB": (
        "vec4 texture2DGradARB(sampler2D s, vec2 p, vec2 x, vec2 y) { return textureGrad(s, p, x, y); }",
    ),
    "texture2DRect": ("vec4 texture2DRect(sampler2D s, vec2 p) { return texture(s, p / vec2(textureSize(s, 0))); }",),
    "texture2DRectProj": (
        "vec4 texture2DRectProj(sampler2D s, vec3 p) { return texture(s, p.xy / p.z / vec2(textureSize(s, 0))); }",
    ),
    "texture2DRectNorm": ("vec4 texture2DRectNorm(sampler2D s, vec2 p) { return texture(s, p); }",),
    "textureCube": (
        "vec4 textureCube(samplerCube s, vec3 p) { return texture(s, p); }",
        "vec4 textureCube(samplerCube s, vec3 p, float b) { return texture(s, p, b); }",
    ),
    "textureCubeLod": ("vec4 textureCubeLod(samplerCube s, vec3 p, float l) { return textureLod(s, p, l); }",),
    "textureCubeLodEXT": ("vec4 textureCubeLodEXT(samplerCube s, vec3 p, float l) { return textureLod(s, p, l); }",),
    "texture1D": ("vec4 texture1D(sampler1D s, float p) { return texture(s, p); }",),
    "texture3D": (
        "vec4 texture3D(sampler3D s, vec3 p) { return texture(s, p); }",
        "vec4 texture3D(sampler3D s, vec3 p, float b) { return texture(s, p, b); }",
    ),
}

BIASED = (", float b)",)
"""Functions with a bias are a fragment shader's alone."""

FUNCTION_NAMES = frozenset(
    [
        "radians",
        "degrees",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "sinh",
        "cosh",
        "tanh",
        "asinh",
        "acosh",
        "atanh",
        "pow",
        "exp",
        "log",
        "exp2",
        "log2",
        "sqrt",
        "inversesqrt",
        "abs",
        "sign",
        "floor",
        "trunc",
        "round",
        "roundEven",
        "ceil",
        "fract",
        "mod",
        "modf",
        "min",
        "max",
        "clamp",
        "mix",
        "step",
        "smoothstep",
        "isnan",
        "isinf",
        "floatBitsToInt",
        "floatBitsToUint",
        "intBitsToFloat",
        "uintBitsToFloat",
        "length",
        "distance",
        "dot",
        "cross",
        "normalize",
        "faceforward",
        "reflect",
        "refract",
        "matrixCompMult",
        "outerProduct",
        "transpose",
        "determinant",
        "inverse",
        "lessThan",
        "lessThanEqual",
        "greaterThan",
        "greaterThanEqual",
        "equal",
        "notEqual",
        "any",
        "all",
        "not",
        "dFdx",
        "dFdy",
        "fwidth",
        "texture",
        "textureSize",
        "textureLod",
        "textureProj",
        "texelFetch",
        "textureGrad",
        "textureOffset",
    ]
)
"""Functions of GLSL 3.30: a value by such a name would hide them."""

# What is read of an old vertex shader's world, by the name that takes its place.
LEGACY = {
    "gl_Vertex": "isf_Vertex",
    "gl_MultiTexCoord0": "isf_Corner",
    "gl_MultiTexCoord1": "isf_Corner",
    "gl_ModelViewProjectionMatrix": "isf_Projection",
    "gl_ProjectionMatrix": "isf_Projection",
    "gl_ModelViewMatrix": "isf_Identity",
    "gl_NormalMatrix": "isf_Identity3",
    "gl_TextureMatrix": "isf_TextureMatrix",
    "gl_Normal": "isf_Normal",
    "gl_TexCoord": "isf_TexCoord",
    "gl_Color": "isf_Color",
    "gl_FrontColor": "isf_FrontColor",
    "ftransform": "isf_transform",
    "vv_vertShaderInit": "isf_vertShaderInit",
    "vv_FragNormCoord": "isf_FragNormCoord",
}

TEXCOORDS = 8

TRIANGLE = "vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0)"
"""Without a vertex shader of the artist's: one triangle that covers the whole."""

QUAD = "vec2(gl_VertexID % 2 == 1 ? 1.0 : -1.0, gl_VertexID > 1 ? 1.0 : -1.0)"
"""With one: a strip of four corners as hosts draw it, since what it clamps it clamps at the corners."""

VERTEX_LEGACY = {
    "isf_Vertex": "vec4 isf_Vertex;",
    "isf_Corner": "vec4 isf_Corner;",
    "isf_Projection": "mat4 isf_Projection;",
    "isf_Identity": "const mat4 isf_Identity = mat4(1.0);",
    "isf_Identity3": "const mat3 isf_Identity3 = mat3(1.0);",
    "isf_TextureMatrix": "const mat4 isf_TextureMatrix[2] = mat4[2](mat4(1.0), mat4(1.0));",
    "isf_Normal": "const vec3 isf_Normal = vec3(0.0, 0.0, 1.0);",
    "isf_Color": "const vec4 isf_Color = vec4(1.0);",
    "isf_FrontColor": "vec4 isf_FrontColor;",
}
VERTEX_SET = {
    "isf_Vertex": "isf_Vertex = vec4((corner * 0.5 + 0.5) * {size}, 0.0, 1.0);",
    "isf_Corner": "isf_Corner = vec4(corner * 0.5 + 0.5, 0.0, 1.0);",
    "isf_Projection": (
        "isf_Projection = mat4(2.0 / {size}.x, 0.0, 0.0, 0.0, 0.0, 2.0 / {size}.y, 0.0, 0.0,"
        " 0.0, 0.0, -1.0, 0.0, -1.0, -1.0, 0.0, 1.0);"
    ),
}


def cast(expression: str, have: str, want: str, fill: str = "0.0") -> str:
    """A GLSL value of type `have` as one of type `want`; what it lacks is `fill`, and 1.0 for a fourth part."""
    wide = {"vec2": 2, "vec3": 3, "vec4": 4}
    if have == want:
        return expression
    if want not in wide:
        return f"{want}({expression})" if have not in wide else f"{want}(({expression}).x)"
    if have not in wide:
        return f"{want}({expression})"
    if wide[want] < wide[have]:
        return f"({expression}).{'xyzw'[: wide[want]]}"
    missing = [fill] * (min(wide[want], 3) - wide[have]) + (["1.0"] if wide[want] == 4 else [])
    return f"{want}({', '.join([expression, *missing])})"


def guessed(name: str, kind: str, size: str) -> str:
    """A value for a varying or an attribute that nobody declares: told from its name."""
    low, corner = name.lower(), "(corner * 0.5 + 0.5)"
    if name == "surfacePosition":
        return cast(f"(corner * 0.5 * vec2({size}.x / {size}.y, 1.0))", "vec2", kind)
    if "col" in low:
        return f"{kind}(1.0)"
    if "norm" in low and kind == "vec3":
        return "vec3(0.0, 0.0, 1.0)"
    if "pos" in low or "vert" in low:
        return cast("corner", "vec2", kind)
    if kind in ("vec2", "vec3", "vec4"):
        return cast(corner, "vec2", kind)
    return f"{kind}(0)"
