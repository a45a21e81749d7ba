#version 330 core
// The picture of a surface. Textures and targets are sRGB, so that filtering and blending happen on linear light.

#ifdef VULKAN
#extension GL_ARB_separate_shader_objects : enable
#extension GL_ARB_shading_language_420pack : enable
layout(set = 0, binding = 0) uniform sampler2D picture;
layout(location = 0) in vec3 place;
layout(location = 0) out vec4 colour;
#define ROW place.y
#else
uniform sampler2D picture;
in vec3 place;
out vec4 colour;
#define ROW 1.0 - place.y // pictures lie bottom up in OpenGL
#endif

void main() {
    colour = texture(picture, vec2(place.x, ROW));
    colour.a = max(colour.a, place.z);
}
