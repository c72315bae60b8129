//! The Chinese of sentences about approvals.

/// Sentences and their Chinese; the first that fits counts.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("task {task} is a vote: decide it", "任务 {task} 需表决，请提交审批意见"),
    ("task {task} is no vote: complete it", "任务 {task} 不是表决，请直接完成"),
    (
        "what task {task} approves is not what you saw any more; look at it again",
        "任务 {task} 的审批内容已变更，请重新查看",
    ),
    (
        "{user} may not have a say in task {task}: it is asked for or was prepared by the same person",
        "{user} 不能审批任务 {task}：提交人或经办人不得审批",
    ),
    ("who may have a say in task {task} cannot be found out: {why}", "无法确定任务 {task} 的审批人：{why}"),
    (
        "{user} has voted at this level; task {task} is for somebody else",
        "{user} 已在本级表决，任务 {task} 须由他人办理",
    ),
    ("say why; a decision on task {task} has a reason", "请填写理由：任务 {task} 的审批须说明原因"),
    ("only a vote that returns it says where to; task {task}", "任务 {task}：仅退回时可指定退回节点"),
    ("task {task} cannot send it back to \"{to}\"; {offered}", "任务 {task} 不能退回到“{to}”"),
    ("task {task} cannot send it back without saying where to; {offered}", "任务 {task} 退回时必须指定退回节点"),
    (
        "{fields} of {type} {record} was approved ({approval}) and stays as it is for instance {instance} until it ends",
        "{type} {record} 的 {fields} 已审批（{approval}），在流程实例 {instance} 结束前不可修改",
    ),
    (
        "{fields} of {type} {record} was approved ({approval}) and stays as it is for instance {instance} until {until} is done",
        "{type} {record} 的 {fields} 已审批（{approval}），在流程实例 {instance} 的 {until} 完成前不可修改",
    ),
    (
        "approval {approval} of instance {instance} holds \"{name}\"",
        "流程实例 {instance} 的审批 {approval} 锁定了“{name}”",
    ),
    ("{user} may add nobody to approval {approval}", "{user} 无权为审批 {approval} 加签"),
    (
        "{user} may not have a say in approval {approval}: it is asked for or was prepared by the same person",
        "{user} 不能参与审批 {approval}：提交人或经办人不得审批",
    ),
    ("{user} has a say at this level of approval {approval} already", "{user} 已参与审批 {approval} 的本级审批"),
    (
        "the word of {user} is not enough at this level of approval {approval}",
        "{user} 的权限不足以审批 {approval} 的本级",
    ),
    (
        "approval {approval} has {most} approvers at this level; more are not possible",
        "审批 {approval} 的本级已有 {most} 名审批人，不能再增加",
    ),
    ("who may have a say in approval {approval} cannot be found out: {why}", "无法确定审批 {approval} 的审批人：{why}"),
    ("approval {approval} is not open any more", "审批 {approval} 已结束"),
    (
        "approval {approval} was asked for by {submitter}; only {other} can withdraw it",
        "审批 {approval} 由 {submitter} 提交，只有提交人可以撤回",
    ),
    (
        "somebody has voted on approval {approval}; it cannot be withdrawn any more",
        "审批 {approval} 已有人表决，不能撤回",
    ),
    (
        "the process does not say what follows when approval {approval} is withdrawn",
        "流程未定义审批 {approval} 撤回后的去向",
    ),
];
