"""How surfaces are drawn: render pass, shaders, blending, and which picture each surface gets."""

import vulkan as vk

from vr.graphics.shader_files import compiled
from vr.graphics.surfaces import FLOATS
from vr.graphics.vulkan.device import Device
from vr.graphics.vulkan.handles import Handle
from vr.graphics.vulkan.recording import HANDED_OVER

SHAPE_BYTES = 4 * FLOATS


class Pipeline:
    """For targets of one format. Viewport and scissor are set while recording."""

    def __init__(self, device: Device, format_: int, most_sets: int) -> None:
        self._device = device
        self.render_pass = _render_pass(device, format_)
        self._sampler = _sampler(device)
        self._set_layout = _set_layout(device, self._sampler)
        self.layout = _layout(device, self._set_layout)
        self.handle = _pipeline(device, self.layout, self.render_pass)
        self._pool = _pool(device, most_sets)
        self.sets = _sets(device, self._pool, self._set_layout, most_sets)
        self._image = vk.ffi.new("VkDescriptorImageInfo*")
        self._image.imageLayout = vk.VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL
        self._write = vk.ffi.new("VkWriteDescriptorSet*")
        self._write.sType = vk.VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET
        self._write.descriptorCount = 1
        self._write.descriptorType = vk.VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER
        self._write.pImageInfo = self._image

    def show(self, index: int, view: Handle) -> None:
        """Let a descriptor set that no running work uses name this picture."""
        self._image.imageView = view
        self._write.dstSet = self.sets[index]
        vk.lib.vkUpdateDescriptorSets(self._device.handle, 1, self._write, 0, vk.ffi.NULL)

    def close(self) -> None:
        """Free it; nothing may be drawing any more."""
        handle = self._device.handle
        vk.vkDestroyDescriptorPool(handle, self._pool, None)
        vk.vkDestroyPipeline(handle, self.handle, None)
        vk.vkDestroyPipelineLayout(handle, self.layout, None)
        vk.vkDestroyDescriptorSetLayout(handle, self._set_layout, None)
        vk.vkDestroySampler(handle, self._sampler, None)
        vk.vkDestroyRenderPass(handle, self.render_pass, None)


def _render_pass(device: Device, format_: int) -> Handle:
    """Clears, and leaves the image as the runtime wants it back."""
    target = vk.VkAttachmentDescription(
        format=format_,
        samples=vk.VK_SAMPLE_COUNT_1_BIT,
        loadOp=vk.VK_ATTACHMENT_LOAD_OP_CLEAR,
        storeOp=vk.VK_ATTACHMENT_STORE_OP_STORE,
        stencilLoadOp=vk.VK_ATTACHMENT_LOAD_OP_DONT_CARE,
        stencilStoreOp=vk.VK_ATTACHMENT_STORE_OP_DONT_CARE,
        initialLayout=vk.VK_IMAGE_LAYOUT_UNDEFINED,
        finalLayout=HANDED_OVER.layout,
    )
    reference = vk.VkAttachmentReference(attachment=0, layout=vk.VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL)
    subpass = vk.VkSubpassDescription(
        pipelineBindPoint=vk.VK_PIPELINE_BIND_POINT_GRAPHICS, colorAttachmentCount=1, pColorAttachments=[reference]
    )
    info = vk.VkRenderPassCreateInfo(attachmentCount=1, pAttachments=[target], subpassCount=1, pSubpasses=[subpass])
    return vk.vkCreateRenderPass(device.handle, info, None)


def _sampler(device: Device) -> Handle:
    edge = vk.VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE
    info = vk.VkSamplerCreateInfo(
        magFilter=vk.VK_FILTER_LINEAR, minFilter=vk.VK_FILTER_LINEAR, addressModeU=edge, addressModeV=edge
    )
    return vk.vkCreateSampler(device.handle, info, None)


def _set_layout(device: Device, sampler: Handle) -> Handle:
    binding = vk.VkDescriptorSetLayoutBinding(
        binding=0,
        descriptorType=vk.VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER,
        descriptorCount=1,
        stageFlags=vk.VK_SHADER_STAGE_FRAGMENT_BIT,
        pImmutableSamplers=[sampler],
    )
    info = vk.VkDescriptorSetLayoutCreateInfo(bindingCount=1, pBindings=[binding])
    return vk.vkCreateDescriptorSetLayout(device.handle, info, None)


def _layout(device: Device, set_layout: Handle) -> Handle:
    pushed = vk.VkPushConstantRange(stageFlags=vk.VK_SHADER_STAGE_VERTEX_BIT, offset=0, size=SHAPE_BYTES)
    info = vk.VkPipelineLayoutCreateInfo(
        setLayoutCount=1, pSetLayouts=[set_layout], pushConstantRangeCount=1, pPushConstantRanges=[pushed]
    )
    return vk.vkCreatePipelineLayout(device.handle, info, None)


def _pool(device: Device, most_sets: int) -> Handle:
    size = vk.VkDescriptorPoolSize(type=vk.VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, descriptorCount=most_sets)
    info = vk.VkDescriptorPoolCreateInfo(maxSets=most_sets, poolSizeCount=1, pPoolSizes=[size])
    return vk.vkCreateDescriptorPool(device.handle, info, None)


def _sets(device: Device, pool: Handle, layout: Handle, count: int) -> Handle:
    info = vk.VkDescriptorSetAllocateInfo(descriptorPool=pool, descriptorSetCount=count, pSetLayouts=[layout] * count)
    return vk.vkAllocateDescriptorSets(device.handle, info)


def _pipeline(device: Device, layout: Handle, render_pass: Handle) -> Handle:
    modules = [_module(device, "vert"), _module(device, "frag")]
    stages = [
        vk.VkPipelineShaderStageCreateInfo(stage=stage, module=module, pName="main")
        for stage, module in zip((vk.VK_SHADER_STAGE_VERTEX_BIT, vk.VK_SHADER_STAGE_FRAGMENT_BIT), modules, strict=True)
    ]
    moving = [vk.VK_DYNAMIC_STATE_VIEWPORT, vk.VK_DYNAMIC_STATE_SCISSOR]
    info = vk.VkGraphicsPipelineCreateInfo(
        stageCount=len(stages),
        pStages=stages,
        pVertexInputState=vk.VkPipelineVertexInputStateCreateInfo(),
        pInputAssemblyState=vk.VkPipelineInputAssemblyStateCreateInfo(topology=vk.VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP),
        pViewportState=vk.VkPipelineViewportStateCreateInfo(viewportCount=1, scissorCount=1),
        pRasterizationState=vk.VkPipelineRasterizationStateCreateInfo(
            polygonMode=vk.VK_POLYGON_MODE_FILL,
            cullMode=vk.VK_CULL_MODE_BACK_BIT,  # a layer too is seen from its front only
            frontFace=vk.VK_FRONT_FACE_COUNTER_CLOCKWISE,
            lineWidth=1.0,
        ),
        pMultisampleState=vk.VkPipelineMultisampleStateCreateInfo(rasterizationSamples=vk.VK_SAMPLE_COUNT_1_BIT),
        pColorBlendState=vk.VkPipelineColorBlendStateCreateInfo(attachmentCount=1, pAttachments=[_blending()]),
        pDynamicState=vk.VkPipelineDynamicStateCreateInfo(dynamicStateCount=len(moving), pDynamicStates=moving),
        layout=layout,
        renderPass=render_pass,
        basePipelineIndex=-1,
    )
    made = vk.vkCreateGraphicsPipelines(device.handle, None, 1, [info], None)
    for module in modules:
        vk.vkDestroyShaderModule(device.handle, module, None)
    return made[0]


def _blending() -> Handle:
    """Pictures have straight alpha; what they add up to is premultiplied."""
    every = vk.VK_COLOR_COMPONENT_R_BIT | vk.VK_COLOR_COMPONENT_G_BIT
    every |= vk.VK_COLOR_COMPONENT_B_BIT | vk.VK_COLOR_COMPONENT_A_BIT
    return vk.VkPipelineColorBlendAttachmentState(
        blendEnable=vk.VK_TRUE,
        srcColorBlendFactor=vk.VK_BLEND_FACTOR_SRC_ALPHA,
        dstColorBlendFactor=vk.VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA,
        colorBlendOp=vk.VK_BLEND_OP_ADD,
        srcAlphaBlendFactor=vk.VK_BLEND_FACTOR_ONE,
        dstAlphaBlendFactor=vk.VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA,
        alphaBlendOp=vk.VK_BLEND_OP_ADD,
        colorWriteMask=every,
    )


def _module(device: Device, stage: str) -> Handle:
    code = compiled(stage)
    info = vk.VkShaderModuleCreateInfo(codeSize=len(code), pCode=code)
    return vk.vkCreateShaderModule(device.handle, info, None)
