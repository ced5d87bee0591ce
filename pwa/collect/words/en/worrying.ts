/** Being worried about somebody's safety, and holding a story back for it. */
export const worrying = {
  worry: {
    link: 'I am worried about somebody’s safety',
    title: 'Are you worried about somebody’s safety?',
    danger: 'If somebody is in danger now, call 999 first',
    why: 'Nobody will hear or read this story until the person you choose has looked into it.',
    label: 'What worries you?',
    hint: 'Only the person you choose, administrators and you can read this.',
    missing: 'Write what worries you.',
    long: 'That is too long. Use 2,000 letters or fewer.',
    who: 'Who should look into it?',
    administrators: 'An administrator of the project',
    save: 'Hold this story back',
    no: 'No, go back',
    heldTitle: 'This story is held back',
    held: (name: string) =>
      `Nobody will hear or read this story until ${name || 'an administrator'} has looked into it.`,
    told: 'They learn of it once this phone has sent the story. If it cannot wait, call them.',
    back: 'Go back',
    sent: 'This story has been sent already. You can still hold it back, on its page.',
    maySent: 'Earshot has begun to send this story. Once it is sent, you can hold it back on its page.',
    open: 'Hold it back on its page',
    begun: 'You had begun to write this. You can use it there:',
  },
};
